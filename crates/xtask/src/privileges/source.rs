//! A contract's source, its libraries' with it, as far as who must sign can be read there: functions, entry points, imports.

mod attributes;
mod paths;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{bail, ensure, Context, Result};
use syn::{
    Attribute, Block, FnArg, ImplItem, Item, ItemImpl, ItemTrait, Pat, ReturnType, Signature,
    TraitItem, Type, Visibility,
};

use attributes::{attributes, is_test};
use paths::{absolute, child, import, is_type};

/// Macros that hide no call: their arguments are read, or they make nothing but data.
pub const MACROS: [&str; 11] = [
    "assert",
    "assert_eq",
    "contractmeta",
    "macro_rules",
    "matches",
    "panic",
    "panic_with_error",
    "peg_of",
    "rescue_terms_of",
    "symbol_short",
    "vec",
];

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
    /// The type that it gives.
    pub gives: Option<String>,
    /// Names and arguments of its attributes.
    pub attributes: Vec<(String, String)>,
    /// What it does.
    pub body: Block,
}

/// What is called and written nowhere: derived, made by a known macro, or Rust's own.
const UNWRITTEN: [&str; 3] = ["default", "drop", "from"];

/// A contract's source and that of the libraries it is made of.
#[derive(Default)]
pub struct Source {
    /// Every function, tests apart.
    pub functions: Vec<Function>,
    /// Every module, tests apart.
    modules: BTreeSet<Module>,
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
        let mut texts = Vec::new();
        texts_in(&vec![name.replace('-', "_")], folder, &mut texts)?;
        self.read_texts(texts)
    }

    /// Reads the texts of a crate's modules, those apart that are declared as tests.
    pub fn read_texts(&mut self, texts: Vec<(Module, String)>) -> Result<()> {
        let mut files = Vec::new();
        let mut tests = Vec::new();
        for (module, text) in texts {
            let file = syn::parse_file(&text).with_context(|| module.join("::"))?;
            if is_test(&file.attrs) {
                tests.push(module.clone());
            }
            for item in &file.items {
                if let Item::Mod(item) = item {
                    if is_test(&item.attrs) {
                        tests.push(child(&module, &item.ident.to_string()));
                    }
                }
            }
            files.push((module, file));
        }
        files.retain(|(module, _)| !tests.iter().any(|test| module.starts_with(test)));
        for (module, file) in files {
            self.modules.insert(module[..1].to_vec());
            self.modules.insert(module.clone());
            self.read_items(&module, file.items)
                .with_context(|| module.join("::"))?;
        }
        Ok(())
    }

    fn read_items(&mut self, module: &Module, items: Vec<Item>) -> Result<()> {
        for item in items {
            match item {
                Item::Fn(item) if !is_test(&item.attrs) => {
                    self.add(module, None, &item.sig, &item.attrs, *item.block);
                }
                Item::Impl(item) if !is_test(&item.attrs) => self.read_impl(module, item)?,
                Item::Trait(item) if !is_test(&item.attrs) => self.read_trait(module, item)?,
                Item::Use(item) if !is_test(&item.attrs) => {
                    let imports = self.imports.entry(module.clone()).or_default();
                    import(imports, module, &mut Vec::new(), &item.tree)?;
                }
                Item::Mod(item) if !is_test(&item.attrs) => {
                    let mut names = attributes(&item.attrs).into_iter();
                    let is_elsewhere = names.any(|(name, _)| name == "path");
                    ensure!(!is_elsewhere, "{} lies elsewhere", item.ident);
                    let inner = child(module, &item.ident.to_string());
                    if let Some((_, items)) = item.content {
                        self.modules.insert(inner.clone());
                        self.read_items(&inner, items)?;
                    }
                }
                Item::Macro(item) if !is_test(&item.attrs) => known_macro(&item.mac)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn read_impl(&mut self, module: &Module, item: ItemImpl) -> Result<()> {
        let Some(of) = type_name(&item.self_ty) else {
            return Ok(());
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
                ImplItem::Macro(part) => known_macro(&part.mac)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn read_trait(&mut self, module: &Module, item: ItemTrait) -> Result<()> {
        for part in item.items {
            if let TraitItem::Macro(part) = &part {
                known_macro(&part.mac)?;
            }
            let TraitItem::Fn(part) = part else { continue };
            if let Some(body) = part.default {
                let of = Some(item.ident.to_string());
                self.add(module, of, &part.sig, &part.attrs, body);
            }
        }
        Ok(())
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
            gives: match &signature.output {
                ReturnType::Type(_, kind) => type_name(kind),
                ReturnType::Default => None,
            },
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
        let imported = self.imported(caller, path);
        let full = self.full(caller, path);
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
        let is_brought = |one: &Function| {
            let mut traits = traits.clone();
            one.name == *name && traits.any(|of| Some(of) == one.of.as_ref())
        };
        let all = self.functions.iter().enumerate();
        all.filter(|(_, one)| is_brought(one))
            .map(|(index, _)| index)
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

    /// The functions that are called `name` on a value, of any type.
    pub fn methods(&self, name: &str) -> Vec<usize> {
        let all = self.functions.iter().enumerate();
        all.filter(|(_, one)| one.takes_self && one.name == name)
            .map(|(index, _)| index)
            .collect()
    }

    /// Whether a path that is called in `caller` means a function that is read here, as far as its name tells.
    pub fn is_ours(&self, caller: &Function, path: &[String]) -> bool {
        let full = self.full(caller, path);
        let [.., of, name] = &full[..] else {
            return false;
        };
        let of = match of.as_str() {
            "Self" => caller.of.as_ref().unwrap_or(of),
            _ => of,
        };
        let is_written = |one: &Function| one.of.as_ref() == Some(of);
        match path {
            _ if is_type(name) || UNWRITTEN.contains(&name.as_str()) => false,
            [_, .., _] if is_type(of) && !self.modules.contains(&full[..1]) => false,
            [_, .., _] if is_type(of) => self.functions.iter().any(is_written),
            _ => full
                .split_last()
                .is_some_and(|(_, module)| self.modules.contains(module)),
        }
    }

    /// What the first name of a path is imported as.
    fn imported(&self, caller: &Function, path: &[String]) -> Option<&Module> {
        self.imports.get(&caller.module)?.get(path.first()?)
    }

    /// A path from its crate on.
    fn full(&self, caller: &Function, path: &[String]) -> Module {
        let is_crate = |first: &String| self.modules.contains(std::slice::from_ref(first));
        match self.imported(caller, path) {
            Some(target) => target.iter().chain(&path[1..]).cloned().collect(),
            None if path.len() > 1 && path.first().is_some_and(is_crate) => path.to_vec(),
            None => absolute(&caller.module, path),
        }
    }
}

/// The texts of a folder's modules.
fn texts_in(module: &Module, folder: &Path, texts: &mut Vec<(Module, String)>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("{}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let inner = child(module, &stem);
        if path.is_dir() {
            texts_in(&inner, &path, texts)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let is_root = matches!(&*stem, "lib" | "mod");
            let module = if is_root { module.clone() } else { inner };
            texts.push((module, fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

/// Refuses a macro that may hide functions.
fn known_macro(call: &syn::Macro) -> Result<()> {
    let name = call.path.segments.last();
    let name = name.map_or_else(String::new, |last| last.ident.to_string());
    if !MACROS.contains(&name.as_str()) {
        bail!("{name}! may hide functions");
    }
    Ok(())
}

fn type_name(kind: &Type) -> Option<String> {
    let Type::Path(path) = kind else { return None };
    let segment = path.path.segments.last()?;
    Some(segment.ident.to_string())
}
