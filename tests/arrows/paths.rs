//! The paths that a module names: in `use`, in types and expressions, and in the arguments of macros. And the texts that it
//! spells, in the same places and in attributes.

use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, ItemUse, LitStr, Macro, Meta, UseTree};

/// The paths that a module names, and the names that it re-exports.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) names: Vec<Vec<String>>,
    pub(crate) handed_on: BTreeMap<String, Vec<String>>,
    /// Its texts, but for documentation and the paths of modules.
    pub(crate) texts: Vec<String>,
}

/// The paths that these items name, without tests and the modules among them.
pub(crate) fn find(items: &[Item]) -> Found {
    let mut found = Found::default();
    for item in items.iter().filter(|item| !matches!(item, Item::Mod(_)) && !is_test(attributes(item))) {
        found.visit_item(item);
    }
    found
}

/// Whether this is only compiled for tests.
pub(crate) fn is_test(attributes: &[Attribute]) -> bool {
    let is_test = |attribute: &Attribute| {
        attribute.path().is_ident("cfg")
            && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "test")
    };
    attributes.iter().any(is_test)
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(it) => &it.attrs,
        Item::Enum(it) => &it.attrs,
        Item::Fn(it) => &it.attrs,
        Item::Impl(it) => &it.attrs,
        Item::Macro(it) => &it.attrs,
        Item::Static(it) => &it.attrs,
        Item::Struct(it) => &it.attrs,
        Item::Trait(it) => &it.attrs,
        Item::Type(it) => &it.attrs,
        Item::Use(it) => &it.attrs,
        _ => &[],
    }
}

impl<'ast> Visit<'ast> for Found {
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.tree(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.names.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.visit_path(&call.path);
        self.tokens(call.tokens.clone());
    }

    fn visit_lit_str(&mut self, text: &'ast LitStr) {
        self.texts.push(text.value());
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        match &attribute.meta {
            Meta::List(list) => self.texts_in(list.tokens.clone()),
            Meta::NameValue(it) if !["doc", "path"].iter().any(|name| it.path.is_ident(name)) => {
                self.visit_expr(&it.value);
            }
            Meta::NameValue(_) | Meta::Path(_) => {}
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if !is_test(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_item_mod(&mut self, _module: &'ast ItemMod) {}

    /// A visibility such as `pub(in path)` is not knowledge of that path.
    fn visit_visibility(&mut self, _visibility: &'ast syn::Visibility) {}
}

impl Found {
    fn tree(&mut self, tree: &UseTree, before: &[String]) {
        match tree {
            UseTree::Path(path) => self.tree(&path.tree, &[before, &[path.ident.to_string()]].concat()),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(tree, before)),
            UseTree::Name(name) if name.ident == "self" => self.named(before.last().cloned(), before.to_vec()),
            UseTree::Name(name) => {
                self.named(Some(name.ident.to_string()), [before, &[name.ident.to_string()]].concat());
            }
            UseTree::Rename(to) => {
                self.named(Some(to.rename.to_string()), [before, &[to.ident.to_string()]].concat());
            }
            UseTree::Glob(_) => self.named(None, before.to_vec()),
        }
    }

    fn named(&mut self, name: Option<String>, path: Vec<String>) {
        self.names.push(path.clone());
        if let Some(name) = name {
            self.handed_on.insert(name, path);
        }
    }

    /// Names joined by `::` in the arguments of a macro.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            let is_mark = matches!(&token, TokenTree::Punct(mark) if mark.as_char() == ':');
            match token {
                TokenTree::Ident(name) if colons == 2 => path.push(name.to_string()),
                TokenTree::Ident(name) => self.joined(std::mem::replace(&mut path, vec![name.to_string()])),
                // A visibility such as `pub(in path)` is not knowledge of that path.
                TokenTree::Group(_) if path.last().is_some_and(|name| name == "pub") => {}
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Literal(literal) => self.text(&literal),
                TokenTree::Punct(_) => {}
            }
            colons = if is_mark { colons + 1 } else { 0 };
        }
        self.joined(path);
    }

    fn texts_in(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.texts_in(group.stream()),
                TokenTree::Literal(literal) => self.text(&literal),
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
    }

    fn text(&mut self, literal: &Literal) {
        self.texts.extend(syn::parse_str(&literal.to_string()).ok().map(|text: LitStr| text.value()));
    }

    fn joined(&mut self, path: Vec<String>) {
        if path.len() > 1 {
            self.names.push(path);
        }
    }
}
