//! Follows a function through all that it calls in its own source, and says who signs on the way and what it can do.
//!
//! It reads what is written, not what happens: a signature asked for in a branch is one *in some cases*, and what is done
//! in another contract is told there. Where it cannot tell whose signature is asked for, it says what is written, which
//! nobody has placed, so the page fails.

mod meaning;

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Block, Expr, Pat, Stmt, Token};

use super::source::{Function, Source, MACROS};
use meaning::is_client;

/// What the host asks a signature with.
const ASKS: [&str; 2] = ["require_auth", "require_auth_for_args"];
/// Calls that move a token, or let somebody move it.
const MOVES: [&str; 16] = [
    "transfer",
    "try_transfer",
    "transfer_from",
    "try_transfer_from",
    "approve",
    "mint",
    "burn",
    "burn_from",
    "clawback",
    "submit",
    "try_submit",
    "submit_with_allowance",
    "authorize_as_current_contract",
    "invoke_contract",
    "try_invoke_contract",
    "set_owed",
];
/// Calls of other contracts that change nothing there, so that they move nothing either; any other may.
const READS: [&str; 7] = [
    "balance",
    "decimals",
    "get_reserve",
    "get_reserve_list",
    "has_claim_topic",
    "loan_terms",
    "sources",
];
/// Calls that replace a contract's code.
const REPLACES: [&str; 2] = ["update_current_contract", "update_current_contract_wasm"];
/// What a function asks for and does.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// Who signs, as the source names them, and whether always.
    pub signers: BTreeMap<String, bool>,
    /// Whether it moves a token.
    pub moves: bool,
    /// Whether it replaces the contract's code.
    pub replaces: bool,
    /// Whom it compares somebody with.
    pub compared: BTreeSet<String>,
    /// What it calls that is not followed.
    pub unseen: BTreeSet<String>,
    /// Whether it does nothing but refuse.
    pub refuses: bool,
}

/// Follows an entry point.
pub fn trace(source: &Source, entry: usize) -> Trace {
    let function = &source.functions[entry];
    let mut trace = Trace {
        refuses: only_refuses(&function.body),
        ..Trace::default()
    };
    let own = |name: &String| match name.as_str() {
        "e" => (name.clone(), "env".to_owned()),
        _ => (name.clone(), name.clone()),
    };
    let locals = function.params.iter().map(own).collect();
    follow(source, entry, locals, true, &mut Vec::new(), &mut trace);
    trace
}

/// Whether a body is one statement, which ends the call with an error.
fn only_refuses(body: &Block) -> bool {
    match &body.stmts[..] {
        [Stmt::Macro(call)] => call.mac.path.is_ident("panic_with_error"),
        [Stmt::Expr(Expr::Macro(call), _)] => call.mac.path.is_ident("panic_with_error"),
        [Stmt::Expr(Expr::MethodCall(call), _)] => call.method == "raise",
        [Stmt::Expr(Expr::Call(call), None)] => {
            segments(&call.func).is_some_and(|path| path == ["Err"])
        }
        _ => false,
    }
}

fn follow(
    source: &Source,
    index: usize,
    locals: BTreeMap<String, String>,
    is_certain: bool,
    path: &mut Vec<usize>,
    trace: &mut Trace,
) {
    if path.contains(&index) {
        return;
    }
    path.push(index);
    let function = &source.functions[index];
    let mut walk = Walk {
        source,
        function,
        locals,
        is_certain,
        path,
        trace,
    };
    for (name, arguments) in &function.attributes {
        match name.as_str() {
            "only_owner" => walk.sign("stellar_access::get_owner()".into()),
            "only_admin" => walk.sign("get_admin()".into()),
            "only_role" | "only_any_role" => walk.sign(format!("role {arguments}")),
            _ => {}
        }
    }
    walk.visit_block(&function.body);
    path.pop();
}

struct Walk<'a> {
    source: &'a Source,
    function: &'a Function,
    /// What each name stands for, in words of the entry point.
    locals: BTreeMap<String, String>,
    /// Whether what is read now happens whenever the entry point succeeds.
    is_certain: bool,
    path: &'a mut Vec<usize>,
    trace: &'a mut Trace,
}

impl Walk<'_> {
    fn sign(&mut self, who: String) {
        let who = self.placed(who);
        let is_always = self.trace.signers.entry(who).or_default();
        *is_always |= self.is_certain;
    }

    fn note(&mut self, called: &str) {
        self.trace.moves |= MOVES.contains(&called);
        self.trace.replaces |= REPLACES.contains(&called);
    }

    /// What the name of a called function tells: what it is of, and what it does.
    fn note_path(&mut self, path: &[String]) {
        let Some((name, before)) = path.split_last() else {
            return;
        };
        match before.last().map(String::as_str) {
            Some("Base") => {
                self.note(name);
                self.trace.moves |= name == "update";
            }
            Some(of) if is_client(of) => {
                self.trace.moves |= !is_read(name) && name != "new";
            }
            _ => self.trace.moves |= name == "set_owed",
        }
    }

    fn enter(&mut self, callees: Vec<usize>, arguments: &[String]) {
        for callee in callees {
            let params = self.source.functions[callee].params.iter();
            let locals = params.zip(arguments);
            let locals = locals.map(|(name, argument)| (name.clone(), argument.clone()));
            let certain = self.is_certain;
            let (source, locals) = (self.source, locals.collect());
            follow(source, callee, locals, certain, self.path, self.trace);
        }
    }

    /// What is read by `read` need not happen.
    fn perhaps(&mut self, read: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.is_certain, false);
        read(self);
        self.is_certain = before;
    }

    /// A closure that a method hands what it is called on.
    fn visit_given(&mut self, closure: &syn::ExprClosure, given: &str) {
        let before = self.locals.clone();
        if let [pattern] = &closure.inputs.iter().collect::<Vec<_>>()[..] {
            self.bind(pattern, given);
        }
        self.perhaps(|walk| walk.visit_expr(&closure.body));
        self.locals = before;
    }
}

impl<'ast> Visit<'ast> for Walk<'_> {
    fn visit_block(&mut self, block: &'ast Block) {
        let before = self.locals.clone();
        visit::visit_block(self, block);
        self.locals = before;
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        let Some(init) = &local.init else { return };
        self.visit_expr(&init.expr);
        if let Some((_, otherwise)) = &init.diverge {
            self.perhaps(|walk| walk.visit_expr(otherwise));
        }
        match (&local.pat, &*init.expr) {
            (Pat::Tuple(parts), Expr::Tuple(values)) => {
                for (part, value) in parts.elems.iter().zip(&values.elems) {
                    let meaning = self.meaning(value);
                    self.bind(part, &meaning);
                }
            }
            (pattern, value) => {
                let meaning = self.meaning(value);
                self.bind(pattern, &meaning);
            }
        }
    }

    fn visit_expr_let(&mut self, condition: &'ast syn::ExprLet) {
        self.visit_expr(&condition.expr);
        let meaning = self.meaning(&condition.expr);
        self.bind(&condition.pat, &meaning);
    }

    fn visit_expr_if(&mut self, branch: &'ast syn::ExprIf) {
        self.visit_expr(&branch.cond);
        self.perhaps(|walk| {
            walk.visit_block(&branch.then_branch);
            if let Some((_, otherwise)) = &branch.else_branch {
                walk.visit_expr(otherwise);
            }
        });
    }

    fn visit_expr_match(&mut self, choice: &'ast syn::ExprMatch) {
        self.visit_expr(&choice.expr);
        let meaning = self.meaning(&choice.expr);
        self.perhaps(|walk| {
            for arm in &choice.arms {
                walk.bind(&arm.pat, &meaning);
                walk.visit_expr(&arm.body);
            }
        });
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        let before = self.locals.clone();
        for pattern in &closure.inputs {
            self.bind(pattern, "?");
        }
        self.perhaps(|walk| walk.visit_expr(&closure.body));
        self.locals = before;
    }

    fn visit_expr_for_loop(&mut self, repeat: &'ast syn::ExprForLoop) {
        self.visit_expr(&repeat.expr);
        let before = self.locals.clone();
        let each = format!("{}[]", self.meaning(&repeat.expr));
        self.bind(&repeat.pat, &each);
        self.perhaps(|walk| walk.visit_block(&repeat.body));
        self.locals = before;
    }

    fn visit_expr_while(&mut self, repeat: &'ast syn::ExprWhile) {
        self.perhaps(|walk| visit::visit_expr_while(walk, repeat));
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.visit_expr(&call.receiver);
        let receiver = self.meaning(&call.receiver);
        for argument in &call.args {
            match argument {
                Expr::Closure(closure) => self.visit_given(closure, &receiver),
                argument => self.visit_expr(argument),
            }
        }
        let name = call.method.to_string();
        self.note(&name);
        self.trace.moves |= asks_another(&receiver) && !is_read(&name);
        if ASKS.contains(&name.as_str()) {
            return self.sign(receiver);
        }
        let arguments = self.meanings(&call.args);
        self.enter(self.source.methods(&name), &arguments);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        for argument in &call.args {
            self.visit_expr(argument);
        }
        let Some(path) = segments(&call.func) else {
            return self.visit_expr(&call.func);
        };
        self.note_path(&path);
        let arguments = self.meanings(&call.args);
        let callees = self.source.resolve(self.function, &path);
        let is_local = matches!(&path[..], [name] if self.locals.contains_key(name));
        if callees.is_empty() && !is_local && self.source.is_ours(self.function, &path) {
            self.trace.unseen.insert(path.join("::"));
        }
        self.enter(callees, &arguments);
    }

    fn visit_expr_binary(&mut self, operation: &'ast syn::ExprBinary) {
        if matches!(operation.op, syn::BinOp::Eq(_) | syn::BinOp::Ne(_)) {
            for side in [&operation.left, &operation.right] {
                let with = self.placed(self.meaning(side));
                self.trace.compared.insert(with);
            }
        }
        visit::visit_expr_binary(self, operation);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let name = call.path.segments.last();
        let name = name.map_or_else(String::new, |last| last.ident.to_string());
        let arguments = Punctuated::<Expr, Token![,]>::parse_terminated;
        match call.parse_body_with(arguments) {
            _ if !MACROS.contains(&name.as_str()) => {
                self.trace.unseen.insert(format!("{name}!"));
            }
            Ok(arguments) => arguments.iter().for_each(|one| self.visit_expr(one)),
            Err(_) if name == "matches" => {}
            Err(_) => {
                self.trace.unseen.insert(format!("{name}!"));
            }
        }
    }

    fn visit_item_use(&mut self, import: &'ast syn::ItemUse) {
        let import = import.to_token_stream().to_string();
        self.trace.unseen.insert(import);
    }

    /// A function that is handed on may be called.
    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        let path: Vec<_> = path.path.segments.iter().collect();
        let path: Vec<_> = path.iter().map(|one| one.ident.to_string()).collect();
        if matches!(&path[..], [name] if self.locals.contains_key(name)) {
            return;
        }
        let callees = self.source.resolve(self.function, &path);
        self.perhaps(|walk| walk.enter(callees, &[]));
    }
}

/// Whether what is called on it is called on another contract.
fn asks_another(receiver: &str) -> bool {
    let client = receiver.split_once("::");
    client.is_some_and(|(of, call)| is_client(of) && !call.contains('.'))
}

/// Whether a call of another contract only reads.
fn is_read(name: &str) -> bool {
    READS.contains(&name.strip_prefix("try_").unwrap_or(name))
}

/// The names of the path that is called, if it is one.
fn segments(called: &Expr) -> Option<Vec<String>> {
    let Expr::Path(path) = called else {
        return None;
    };
    let segments = path.path.segments.iter();
    Some(segments.map(|one| one.ident.to_string()).collect())
}
