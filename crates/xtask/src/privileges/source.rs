//! A contract's source, its libraries' with it, as far as who must sign can be read there: functions, entry points, imports.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use quote::ToTokens;
use syn::{
    Attribute, Block, FnArg, ImplItem, Item, ItemImpl, ItemTrait, Meta, Pat, Signature, TraitItem,
    Type, UseTree, Visibility,
};

/// The modules a thing lies in, its crate first.
pub type Module = Vec<String>;

/// A function.
pub struct Function {
    /// Where it is written.
    pub module: Module,
    /// The type or trait it belongs to.
    pub of: Option<String>,
    /// Its name.
    pub name: String,
    /// Its parameters, without `self`.
    pub params: Vec<String>,
    /// Whether it is called on a value.
    pub takes_self: bool,
    /// Names and arguments of its attributes.
    pub attributes: Vec<(String, String)>,
    /// What it does.
    pub body: Block,
}

/// A contract's source and that of the libraries it is made of.
#[derive(Default)]
pub struct Source {
    /// Every function, tests apart.
    pub functions: Vec<Function>,
    /// What each module imports, by the name it has there.
    imports: BTreeMap<Module, BTreeMap<String, Module>>,
    /// The traits that each type implements.
    traits: BTreeMap<String, BTreeSet<String>>,
    /// Entry points and their functions.
    entries: BTreeMap<String, usize>,
    /// Traits of libraries whose functions are entry points unless they are written.
    inherited: Vec<String>,
    /// The type behind the entry points of OpenZeppelin's tokens.
    content: Option<String>,
}

impl Source {
    /// Reads the sources of a crate below `folder`.
    pub fn read(&mut self, name: &str, folder: &Path) -> Result<()> {
        self.read_folder(&vec![name.replace('-', "_")], folder)
    }

    fn read_folder(&mut self, module: &Module, folder: &Path) -> Result<()> {
        let entries = fs::read_dir(folder).with_context(|| format!("{}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            if matches!(&*stem, "test" | "tests") {
                continue;
            }
            let inner = child(module, &stem);
            if path.is_dir() {
                self.read_folder(&inner, &path)?;
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let is_root = matches!(&*stem, "lib" | "mod");
                let module = if is_root { module } else { &inner };
                let text = fs::read_to_string(&path)?;
                self.read_text(module, &text)
                    .with_context(|| format!("{}", path.display()))?;
            }
        }
        Ok(())
    }

    /// Reads the text of one module.
    pub fn read_text(&mut self, module: &Module, text: &str) -> Result<()> {
        self.read_items(module, syn::parse_file(text)?.items);
        Ok(())
    }

    fn read_items(&mut self, module: &Module, items: Vec<Item>) {
        for item in items {
            match item {
                Item::Fn(item) if !is_test(&item.attrs) => {
                    self.add(module, None, &item.sig, &item.attrs, *item.block);
                }
                Item::Impl(item) if !is_test(&item.attrs) => self.read_impl(module, item),
                Item::Trait(item) => self.read_trait(module, item),
                Item::Use(item) => {
                    let imports = self.imports.entry(module.clone()).or_default();
                    import(imports, module, &mut Vec::new(), &item.tree);
                }
                Item::Mod(item) if !is_test(&item.attrs) => {
                    if let Some((_, items)) = item.content {
                        self.read_items(&child(module, &item.ident.to_string()), items);
                    }
                }
                _ => {}
            }
        }
    }

    fn read_impl(&mut self, module: &Module, item: ItemImpl) {
        let Some(of) = type_name(&item.self_ty) else {
            return;
        };
        let implemented = item
            .trait_
            .as_ref()
            .and_then(|(_, path, _)| path.segments.last())
            .map(|segment| segment.ident.to_string());
        if let Some(name) = &implemented {
            let traits = self.traits.entry(of.clone()).or_default();
            traits.insert(name.clone());
        }
        let contract = attributes(&item.attrs)
            .into_iter()
            .find(|(name, _)| name == "contractimpl");
        if let (Some((_, arguments)), Some(name)) = (&contract, &implemented) {
            if arguments.contains("contracttrait") {
                self.inherited.push(name.clone());
            }
        }
        for part in item.items {
            match part {
                ImplItem::Fn(part) if !is_test(&part.attrs) => {
                    let is_open =
                        implemented.is_some() || matches!(part.vis, Visibility::Public(_));
                    let name = part.sig.ident.to_string();
                    let of = Some(of.clone());
                    let index = self.add(module, of, &part.sig, &part.attrs, part.block);
                    if contract.is_some() && is_open {
                        self.entries.insert(name, index);
                    }
                }
                ImplItem::Type(part) if part.ident == "ContractType" && contract.is_some() => {
                    self.content = type_name(&part.ty);
                }
                _ => {}
            }
        }
    }

    fn read_trait(&mut self, module: &Module, item: ItemTrait) {
        for part in item.items {
            let TraitItem::Fn(part) = part else { continue };
            if let Some(body) = part.default {
                let of = Some(item.ident.to_string());
                self.add(module, of, &part.sig, &part.attrs, body);
            }
        }
    }

    fn add(
        &mut self,
        module: &Module,
        of: Option<String>,
        signature: &Signature,
        attrs: &[Attribute],
        body: Block,
    ) -> usize {
        let params = signature.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some(match &*typed.pat {
                Pat::Ident(ident) => ident.ident.to_string(),
                _ => "_".into(),
            }),
            FnArg::Receiver(_) => None,
        });
        self.functions.push(Function {
            module: module.clone(),
            of,
            name: signature.ident.to_string(),
            params: params.collect(),
            takes_self: signature.receiver().is_some(),
            attributes: attributes(attrs),
            body,
        });
        self.functions.len() - 1
    }

    /// The entry points with their functions: those that are written, and those that traits of libraries bring along.
    pub fn entries(&self) -> BTreeMap<String, usize> {
        let mut entries = BTreeMap::new();
        for name in &self.inherited {
            let brought = self.functions.iter().enumerate();
            let brought = brought.filter(|(_, function)| function.of.as_ref() == Some(name));
            entries.extend(brought.map(|(index, function)| (function.name.clone(), index)));
        }
        entries.extend(self.entries.clone());
        entries.remove("__constructor");
        entries
    }

    /// The functions that a path may mean where it is written in `caller`.
    pub fn resolve(&self, caller: &Function, path: &[String]) -> Vec<usize> {
        let Some((name, before)) = path.split_last() else {
            return Vec::new();
        };
        let known = self.imports.get(&caller.module);
        let imported = path.first().and_then(|first| known?.get(first));
        let full: Module = match imported {
            Some(target) => target.iter().chain(&path[1..]).cloned().collect(),
            None => absolute(&caller.module, path),
        };
        let Some((name, around)) = full.split_last().filter(|_| !name.is_empty()) else {
            return Vec::new();
        };
        let of = match before.last().map(String::as_str) {
            Some("Self") => caller.of.clone(),
            Some("ContractType") => self.content.clone(),
            Some(_) => around.last().filter(|last| is_type(last)).cloned(),
            None => None,
        };
        let mut found = self.named(name, of.as_deref(), around);
        if path.len() == 1 && imported.is_none() {
            // Written without a path, it is of the same module.
            found.retain(|index| self.functions[*index].module == caller.module);
        }
        let (Some(of), true) = (&of, found.is_empty()) else {
            return found;
        };
        let traits = self.traits.get(of).into_iter().flatten();
        traits
            .flat_map(|implemented| self.named(name, Some(implemented), around))
            .collect()
    }

    /// The functions called `name` of a type, a trait or neither, nearest to a module; none that is of another crate.
    fn named(&self, name: &str, of: Option<&str>, near: &[String]) -> Vec<usize> {
        let distance = |function: &Function| {
            let pairs = function.module.iter().zip(near);
            pairs.take_while(|(one, other)| one == other).count()
        };
        let all = self.functions.iter().enumerate();
        let all = all.filter(|(_, one)| one.name == name && one.of.as_deref() == of);
        let all: Vec<_> = all.map(|(index, one)| (distance(one), index)).collect();
        let nearest = all.iter().map(|(distance, _)| *distance).max();
        let is_nearest = |distance: usize| distance > 0 && Some(distance) == nearest;
        all.into_iter()
            .filter(|(distance, _)| is_nearest(*distance))
            .map(|(_, index)| index)
            .collect()
    }

    /// The functions of the caller's crate that are called `name` on a value.
    pub fn methods(&self, caller: &Function, name: &str) -> Vec<usize> {
        let all = self.functions.iter().enumerate();
        all.filter(|(_, one)| one.takes_self && one.name == name)
            .filter(|(_, one)| one.module.first() == caller.module.first())
            .map(|(index, _)| index)
            .collect()
    }
}

fn child(module: &Module, name: &str) -> Module {
    let mut inner = module.clone();
    inner.push(name.to_owned());
    inner
}

fn is_type(name: &str) -> bool {
    name.starts_with(char::is_uppercase)
}

/// A path from the crate on, as it is meant in a module.
fn absolute(module: &Module, path: &[String]) -> Module {
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

fn import(
    imports: &mut BTreeMap<String, Module>,
    module: &Module,
    path: &mut Vec<String>,
    tree: &UseTree,
) {
    let target = |path: &[String]| match path.first().map(String::as_str) {
        Some("crate" | "self" | "super") => absolute(module, path),
        _ => path.to_vec(),
    };
    match tree {
        UseTree::Path(tree) => {
            path.push(tree.ident.to_string());
            import(imports, module, path, &tree.tree);
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
                import(imports, module, path, tree);
            }
        }
        UseTree::Glob(_) => {}
    }
}

fn type_name(kind: &Type) -> Option<String> {
    let Type::Path(path) = kind else { return None };
    let segment = path.path.segments.last()?;
    Some(segment.ident.to_string())
}

/// Names of attributes, and their arguments as they are written.
fn attributes(attrs: &[Attribute]) -> Vec<(String, String)> {
    let of = |attribute: &Attribute| {
        let name = attribute.path().segments.last()?.ident.to_string();
        let arguments = match &attribute.meta {
            Meta::List(list) => list.tokens.to_token_stream().to_string(),
            Meta::Path(_) | Meta::NameValue(_) => String::new(),
        };
        Some((name, arguments))
    };
    attrs.iter().filter_map(of).collect()
}

fn is_test(attrs: &[Attribute]) -> bool {
    let is_test = |(name, arguments): &(String, String)| {
        name == "test" || (name == "cfg" && arguments.contains("test"))
    };
    attributes(attrs).iter().any(is_test)
}
