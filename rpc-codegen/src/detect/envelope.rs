//! Envelopes by evidence: the outside that most replies have in common.
//!
//! The rule, over the first success reply with JSON of every operation:
//!
//! 1. Replies are grouped by the names of their properties; the largest group is looked at.
//! 2. The data is the one property whose type differs from reply to reply; the code is a small property with a known
//!    name (`status`, `errno`, `ret_code`, …); message and time go by name too.
//! 3. It is **sure** if at least two operations and four fifths of the replies have this outside, nothing stands in it
//!    but those (and a request id), and the document leaves no doubt which codes mean success: an integer, where zero and
//!    200 do, or values that it names.
//! 4. Otherwise it is **likely**, or, where a boolean says whether a call went well, **not expressible**.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Default_, Field, Operation, Presence, Scalar, Service, Shape, Struct, Type, TypeId, Types};
use crate::settings::quoted;

/// Names of properties, lower case and without `_` and `-`.
const CODES: &[&str] = &[
    "code",
    "status",
    "errno",
    "errorno",
    "errcode",
    "errorcode",
    "retcode",
    "returncode",
    "resultcode",
    "respcode",
    "responsecode",
    "statuscode",
    "bizcode",
    "ret",
    "rc",
];
const MESSAGES: &[&str] = &[
    "message",
    "msg",
    "errmsg",
    "errormsg",
    "errormessage",
    "retmsg",
    "returnmsg",
    "resultmsg",
    "resultmessage",
    "respmsg",
    "statusmessage",
    "statusmsg",
    "reason",
    "info",
    "desc",
];
const DATA: &[&str] = &["data", "result", "payload", "content", "body", "response", "results", "item"];
const TIMES: &[&str] = &["timestamp", "ts", "time", "servertime"];
/// What may stand in an envelope without anybody missing it.
const NOISE: &[&str] = &["requestid", "traceid", "reqid", "version", "error", "errors"];
const FLAGS: &[&str] = &["success", "ok", "succeeded", "issuccess", "status", "successful", "error"];
/// Values of a textual code that mean success.
const WORDS: &[&str] = &["ok", "success", "succeeded", "succ", "0", "200", "0000", "00000"];
/// What the runtime takes for success without being told.
const USUAL: &[&str] = &["200", "0", "0000", "OK"];

/// An envelope that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvelopeFinding {
    /// Property with the business code, or with the flag that stands for one.
    pub code: String,
    /// Property with the message.
    pub message: Option<String>,
    /// Property with the payload.
    pub data: String,
    /// Property with the time.
    pub timestamp: Option<String>,
    /// Codes that mean success, if not the usual ones do (`200`, `0`, `"0000"`, `"OK"`).
    pub success: Vec<String>,
    /// How many operations reply in it.
    pub replies: usize,
    /// How many operations reply in JSON at all.
    pub of: usize,
    /// How sure that is.
    pub verdict: Verdict,
}

impl EnvelopeFinding {
    /// The section of `service.toml` that says so.
    pub fn settings(&self) -> String {
        let mut out = "[envelope]\n".to_owned();
        let fields = [
            ("code", Some(&self.code)),
            ("message", self.message.as_ref()),
            ("data", Some(&self.data)),
            ("timestamp", self.timestamp.as_ref()),
        ];
        for (key, value) in fields {
            if let Some(value) = value {
                out.push_str(&format!("{key} = {}\n", quoted(value)));
            }
        }
        if !self.success.is_empty() {
            let code = |code: &String| match code.parse::<i64>() {
                Ok(number) if number.to_string() == *code => code.clone(),
                _ => quoted(code),
            };
            let codes: Vec<String> = self.success.iter().map(code).collect();
            out.push_str(&format!("success = [{}]\n", codes.join(", ")));
        }
        out
    }
}

/// How sure a finding is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The generator opens it without being told.
    Standard,
    /// Settings can say it, and there is no doubt.
    Sure,
    /// Settings can say it, but there is a doubt: a sentence.
    Likely(String),
    /// Settings cannot say it: a sentence.
    Inexpressible(String),
}

/// Looks for an envelope in a service as `build` made it. `None`: replies have no common outside.
pub fn find(service: &Service) -> Option<EnvelopeFinding> {
    let replies: Vec<&Type> = service.operations.iter().filter_map(reply).collect();
    let structs: Vec<&Struct> = replies.iter().filter_map(|ty| object(&service.types, ty)).collect();
    let mut groups: BTreeMap<BTreeSet<&str>, Vec<&Struct>> = BTreeMap::new();
    for object in structs {
        let names = object.fields.iter().map(|field| field.wire.as_str()).collect();
        groups.entry(names).or_default().push(object);
    }
    let largest = groups.into_values().max_by_key(Vec::len)?;
    Outside::of(&service.types, &largest)?.judge(&service.types, largest.len(), replies.len())
}

/// The type of the first JSON among an operation's successes.
fn reply(operation: &Operation) -> Option<&Type> {
    let success = operation.replies.iter().filter(|reply| reply.status.starts_with('2'));
    success.filter_map(|reply| crate::passes::json(&reply.body)).next()
}

fn object<'t>(types: &'t Types, ty: &'t Type) -> Option<&'t Struct> {
    match &crate::passes::behind(types, ty)?.1.shape {
        Shape::Struct(object) => Some(object),
        _ => None,
    }
}

/// The properties of an envelope by what they are for.
struct Outside<'t> {
    code: &'t Field,
    message: Option<&'t Field>,
    data: &'t Field,
    timestamp: Option<&'t Field>,
    others: Vec<&'t str>,
    /// Whether the data's type differs from reply to reply.
    varies: bool,
}

impl<'t> Outside<'t> {
    fn of(types: &Types, group: &[&'t Struct]) -> Option<Self> {
        let first = group.first()?;
        let texts = |wire: &str| -> BTreeSet<String> {
            let fields =
                group.iter().filter_map(|object| object.fields.iter().find(|field| field.wire == wire));
            fields.map(|field| text(types, &field.ty, 4)).collect()
        };
        let varying: Vec<&Field> = first.fields.iter().filter(|field| texts(&field.wire).len() > 1).collect();
        let data = match varying.as_slice() {
            [one] => one,
            [] => pick(&first.fields, DATA, &|_| true)?,
            several => several.iter().find(|field| is(&field.wire, DATA))?,
        };
        let rest: Vec<&Field> = first.fields.iter().filter(|field| field.wire != data.wire).collect();
        let small =
            |field: &Field| kind(types, &field.ty) == Kind::Number || kind(types, &field.ty) == Kind::Text;
        let flag = |field: &Field| kind(types, &field.ty) == Kind::Flag;
        let code =
            pick(rest.iter().copied(), CODES, &small).or_else(|| pick(rest.iter().copied(), FLAGS, &flag))?;
        let rest = || rest.iter().copied().filter(|field| field.wire != code.wire);
        let message = pick(rest(), MESSAGES, &|field| kind(types, &field.ty) == Kind::Text);
        let timestamp = pick(rest(), TIMES, &|_| true);
        let known = [message, timestamp];
        let unknown = |field: &&Field| {
            !known.iter().flatten().any(|known| known.wire == field.wire) && !is(&field.wire, NOISE)
        };
        let others = rest().filter(unknown).map(|field| field.wire.as_str()).collect();
        Some(Self {
            code,
            message,
            data,
            timestamp,
            others,
            varies: varying.iter().any(|field| field.wire == data.wire),
        })
    }

    fn judge(self, types: &Types, replies: usize, of: usize) -> Option<EnvelopeFinding> {
        if replies * 2 < of || (!self.varies && !is(&self.data.wire, DATA)) {
            return None;
        }
        let (success, doubt) = success(types, self.code);
        let verdict = if kind(types, &self.code.ty) == Kind::Flag {
            Verdict::Inexpressible(format!(
                "`{}` is a boolean, and an envelope's code is a number or a text; replies stay as they are",
                self.code.wire
            ))
        } else if !self.others.is_empty() {
            Verdict::Likely(format!(
                "beside the data there is {}, which nobody would get to see",
                list(&self.others)
            ))
        } else if replies < 2 {
            Verdict::Likely("only one operation replies like this".into())
        } else if replies * 5 < of * 4 {
            Verdict::Likely(format!("only {replies} of {of} operations with JSON reply like this"))
        } else if !self.varies {
            Verdict::Likely(format!("`{}` has the same type in all replies", self.data.wire))
        } else if let Some(doubt) = doubt {
            Verdict::Likely(doubt)
        } else {
            Verdict::Sure
        };
        let name = |field: &Field| field.wire.clone();
        Some(EnvelopeFinding {
            code: name(self.code),
            message: self.message.map(name),
            data: name(self.data),
            timestamp: self.timestamp.map(name),
            success,
            replies,
            of,
            verdict,
        })
    }
}

/// Codes that mean success where the usual ones do not, and what is not clear about them.
fn success(types: &Types, code: &Field) -> (Vec<String>, Option<String>) {
    let values = match crate::passes::behind(types, bare(&code.ty)).map(|(_, def)| &def.shape) {
        Some(Shape::Enum(set)) => set.values.iter().map(|value| value.wire.clone()).collect(),
        _ => Vec::new(),
    };
    let default = match &code.presence {
        Presence::Default(Default_::Int(value)) => Some(value.to_string()),
        Presence::Default(Default_::String(value)) => Some(value.clone()),
        _ => None,
    };
    let good: Vec<String> = values.iter().filter(|value| is(value, WORDS)).cloned().collect();
    let codes = match default {
        Some(default) => vec![default],
        None if good.is_empty() && values.len() == 1 => values,
        None => good,
    };
    let doubt = (codes.is_empty() && kind(types, &code.ty) == Kind::Text).then(|| {
        format!(
            "the document does not say which values of `{}` mean success; add success = [\"…\"]",
            code.wire
        )
    });
    let usual = codes.iter().all(|code| USUAL.contains(&code.as_str()));
    (if usual { Vec::new() } else { codes }, doubt)
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Number,
    Text,
    Flag,
    Other,
}

fn kind(types: &Types, ty: &Type) -> Kind {
    let of = |scalar: &Scalar| match scalar {
        Scalar::Int(_) | Scalar::IntString(_) => Kind::Number,
        Scalar::String => Kind::Text,
        Scalar::Bool => Kind::Flag,
        _ => Kind::Other,
    };
    match bare(ty) {
        Type::Scalar(scalar) => of(scalar),
        ty => match crate::passes::behind(types, ty).map(|(_, def)| &def.shape) {
            Some(Shape::Enum(set)) => of(&set.of),
            Some(Shape::Alias(Type::Scalar(scalar), _)) => of(scalar),
            _ => Kind::Other,
        },
    }
}

fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Nullable(inner) | Type::Boxed(inner) => bare(inner),
        other => other,
    }
}

/// A type as text: components by name, so that equal inline types are equal; null left out.
fn text(types: &Types, ty: &Type, depth: usize) -> String {
    match bare(ty) {
        Type::Named(id) => named(types, *id, depth),
        Type::List(inner) => format!("[{}]", text(types, inner, depth)),
        Type::Map(inner) => format!("{{{}}}", text(types, inner, depth)),
        other => format!("{other:?}"),
    }
}

fn named(types: &Types, id: TypeId, depth: usize) -> String {
    let Some(def) = types.get(id) else { return String::new() };
    let inline = def.key.rsplit_once('/').is_some_and(|(at, _)| !at.ends_with("/schemas"));
    match &def.shape {
        Shape::Struct(object) if depth > 0 && inline => {
            let field = |field: &Field| format!("{}:{}", field.wire, text(types, &field.ty, depth - 1));
            format!("{{{}}}", object.fields.iter().map(field).collect::<Vec<_>>().join(","))
        }
        Shape::Enum(set) if inline => {
            set.values.iter().map(|value| value.wire.as_str()).collect::<Vec<_>>().join("|")
        }
        Shape::Alias(ty, _) if depth > 0 => text(types, ty, depth - 1),
        _ => format!("#{}", id.0),
    }
}

fn pick<'t>(
    fields: impl IntoIterator<Item = &'t Field>,
    names: &[&str],
    fits: &dyn Fn(&Field) -> bool,
) -> Option<&'t Field> {
    let fields: Vec<&Field> = fields.into_iter().filter(|field| fits(field)).collect();
    names.iter().find_map(|name| fields.iter().copied().find(|field| plain(&field.wire) == **name))
}

fn is(name: &str, names: &[&str]) -> bool {
    names.contains(&plain(name).as_str())
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
#[path = "envelope_tests.rs"]
mod tests;
