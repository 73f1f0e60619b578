//! The events of a contract as Rust structs, and how they are read from topics and data.

use stellar_xdr::{
    ScSpecEntry, ScSpecEventDataFormat, ScSpecEventParamLocationV0 as Location, ScSpecEventParamV0,
    ScSpecEventV0,
};

use crate::rust::rust_type;

/// A struct for each event in a module of their own, and the enum of them all; nothing for a contract without events.
pub fn of(contract: &str, entries: &[ScSpecEntry]) -> String {
    let events: Vec<_> = entries.iter().filter_map(as_event).collect();
    if events.is_empty() {
        return String::new();
    }
    let structs: String = events.iter().map(|event| structure(event)).collect();
    let variants: String = events
        .iter()
        .map(|event| format!("/// `{0}`.\n{0}(events::{0}),\n", event.name.0))
        .collect();
    let arms: String = events.iter().map(|event| arm(event)).collect();
    let has_data = events
        .iter()
        .any(|event| at(event, Location::Data).next().is_some());
    let data = if has_data { "data" } else { "_" };
    format!(
        "/// The events of `{contract}`.\npub mod events {{\n#[allow(unused_imports)]\nuse super::*;\n{structs}}}\n\
         /// An event of `{contract}`.\n#[derive(Clone, Debug, PartialEq, Eq)]\npub enum Event {{\n{variants}}}\n\
         impl DecodeEvent for Event {{\n\
         fn decode(topics: &[ScVal], {data}: &ScVal) -> Result<Option<Self>, ValueError> {{\n{arms}Ok(None)\n}}\n}}\n"
    )
}

/// The event that an entry of an interface declares, if it declares one.
pub fn as_event(entry: &ScSpecEntry) -> Option<&ScSpecEventV0> {
    match entry {
        ScSpecEntry::EventV0(event) => Some(event),
        _ => None,
    }
}

fn structure(event: &ScSpecEventV0) -> String {
    let fields: String = event
        .params
        .iter()
        .map(|param| {
            let name = param.name.to_utf8_string_lossy();
            format!("/// `{name}`.\npub {name}: {},\n", rust_type(&param.type_))
        })
        .collect();
    format!(
        "/// `{0}`, as the contract publishes it.\n#[derive(Clone, Debug, PartialEq, Eq)]\npub struct {0} {{\n{fields}}}\n",
        event.name.0
    )
}

fn at(event: &ScSpecEventV0, location: Location) -> impl Iterator<Item = &ScSpecEventParamV0> {
    let params = event.params.iter();
    params.filter(move |param| param.location == location)
}

/// One event's part of `decode`: it is told by its first topics and by how many there are.
fn arm(event: &ScSpecEventV0) -> String {
    let prefix: String = event
        .prefix_topics
        .iter()
        .map(|topic| format!("\"{}\", ", topic.0))
        .collect();
    let from_topics = at(event, Location::TopicList)
        .enumerate()
        .map(|(index, param)| read(param, &format!("item(topics, {index})?")));
    let from_data =
        at(event, Location::Data)
            .enumerate()
            .map(|(index, param)| match event.data_format {
                ScSpecEventDataFormat::SingleValue => read(param, "data"),
                ScSpecEventDataFormat::Vec => read(param, &format!("item(items(data)?, {index})?")),
                ScSpecEventDataFormat::Map => {
                    let name = param.name.to_utf8_string_lossy();
                    format!("{name}: field(data, \"{name}\")?,\n")
                }
            });
    let fields: String = from_topics.chain(from_data).collect();
    let count = at(event, Location::TopicList).count();
    let is_it = format!("own_topics(topics, &[{prefix}], {count})");
    let condition = if count > 0 {
        format!("let Some(topics) = {is_it}")
    } else {
        format!("{is_it}.is_some()")
    };
    format!(
        "if {condition} {{\nreturn Ok(Some(Self::{name}(events::{name} {{\n{fields}}})));\n}}\n",
        name = event.name.0
    )
}

fn read(param: &ScSpecEventParamV0, from: &str) -> String {
    format!(
        "{}: FromScVal::from_scval({from})?,\n",
        param.name.to_utf8_string_lossy()
    )
}
