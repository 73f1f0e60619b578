//! Paths and what imports make of them.

use std::collections::BTreeMap;

use anyhow::{bail, Result};
use syn::UseTree;

use super::Module;

/// A module in another.
pub fn child(module: &Module, name: &str) -> Module {
    let mut inner = module.clone();
    inner.push(name.to_owned());
    inner
}

/// Whether a name is a type's.
pub fn is_type(name: &str) -> bool {
    name.starts_with(char::is_uppercase)
}

/// A path from the crate on, as it is meant in a module.
pub fn absolute(module: &Module, path: &[String]) -> Module {
    let mut from = module.clone();
    let mut rest = path;
    while let Some((first, others)) = rest.split_first() {
        match first.as_str() {
            "crate" => from.truncate(1),
            "super" => drop(from.pop()),
            "self" => {}
            _ => break,
        }
        rest = others;
    }
    from.extend_from_slice(rest);
    from
}

/// Adds what a module imports. One that does not name what it imports is an error.
pub fn import(
    imports: &mut BTreeMap<String, Module>,
    module: &Module,
    path: &mut Vec<String>,
    tree: &UseTree,
) -> Result<()> {
    let target = |path: &[String]| match path.first().map(String::as_str) {
        Some("crate" | "self" | "super") => absolute(module, path),
        _ => path.to_vec(),
    };
    match tree {
        UseTree::Path(tree) => {
            path.push(tree.ident.to_string());
            import(imports, module, path, &tree.tree)?;
            path.pop();
        }
        UseTree::Name(tree) if tree.ident == "self" => {
            if let Some(name) = path.last() {
                imports.insert(name.clone(), target(path));
            }
        }
        UseTree::Name(tree) => {
            let name = tree.ident.to_string();
            let full = child(path, &name);
            imports.insert(name, target(&full));
        }
        UseTree::Rename(tree) => {
            let full = child(path, &tree.ident.to_string());
            imports.insert(tree.rename.to_string(), target(&full));
        }
        UseTree::Group(tree) => {
            for tree in &tree.items {
                import(imports, module, path, tree)?;
            }
        }
        UseTree::Glob(_) => bail!("{}::* hides what it imports", path.join("::")),
    }
    Ok(())
}
