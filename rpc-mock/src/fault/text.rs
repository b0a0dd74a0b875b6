//! The text form of faults. The grammar is in the documentation of [`Fault`].

mod duration;
mod escape;

use std::fmt;
use std::str::FromStr;

use http::StatusCode;

use self::duration::Span;
use self::escape::{escape, split, split_all, unescape};
use super::{Fault, Kind, is_content_type};
use crate::envelope::Code;

const KINDS: &str = "status:CODE, delay:TIME, close, reset, lose, truncate, hang, code:CODE, retry-after:STATUS/TIME, \
                     drip:BYTES/TIME or body:STATUS/TYPE/SUBTYPE/TEXT";
const OPTIONS: &str = "message:TEXT, times:N, after:N, every:N or flapping:GOOD/BAD";

/// A text is not a [`Fault`]: says which part is wrong and what is allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseFaultError(String);

type Parsed<T> = Result<T, ParseFaultError>;

fn wrong<T>(part: &str, found: &str, allowed: &str) -> Parsed<T> {
    Err(ParseFaultError(format!("`{found}` is not {part}: write {allowed}")))
}

impl FromStr for Fault {
    type Err = ParseFaultError;

    fn from_str(text: &str) -> Parsed<Self> {
        let Some((place, what)) = split(text, '=') else {
            return wrong("a fault", text, "[OPERATION][@INSTANCE]=KIND[:VALUE][,OPTION:VALUE]…");
        };
        let mut parts = split_all(what, ',').into_iter();
        let mut fault = Self::new(kind(parts.next().unwrap_or_default())?);
        for option in parts {
            fault = fault.option(option)?;
        }
        if let Some(why) = fault.schedule.never() {
            return Err(ParseFaultError(why.to_owned()));
        }
        let (operation, instance) = split(place, '@').map_or((place, None), |(on, at)| (on, Some(at)));
        fault = fault.on(unescape(operation));
        match instance {
            Some(at) => Ok(fault.at(number("an instance", at)?)),
            None => Ok(fault),
        }
    }
}

impl Fault {
    fn option(mut self, text: &str) -> Parsed<Self> {
        let (name, value) = text.split_once(':').unwrap_or((text, ""));
        match name {
            "message" if self.kind.message_mut().is_none() => {
                wrong("an option of this fault", text, "a message for status, code and retry-after only")
            }
            "message" => Ok(self.message(unescape(value))),
            "times" => Ok(self.times(number("a number of times", value)?)),
            "after" => Ok(self.after(number("a number of calls", value)?)),
            "every" => Ok(self.every(number("a number of calls", value)?)),
            "flapping" => match value.split_once('/') {
                Some((good, bad)) => {
                    Ok(self.flapping(number("a number of calls", good)?, number("a number of calls", bad)?))
                }
                None => wrong("a rhythm", value, "GOOD/BAD, e.g. 3/2"),
            },
            _ => wrong("an option", text, &format!("{OPTIONS}; a comma inside a text is \\,")),
        }
    }
}

fn kind(text: &str) -> Parsed<Kind> {
    let (name, value) = text.split_once(':').unwrap_or((text, ""));
    match name {
        "status" => Ok(Kind::Status { status: status(value)?, message: None }),
        "code" => Ok(Kind::Code { code: code(&unescape(value)), message: None }),
        "retry-after" => match value.split_once('/') {
            Some((code, wait)) => {
                Ok(Kind::RetryAfter { status: status(code)?, wait: span(wait)?, message: None })
            }
            None => wrong("a value of retry-after", value, "STATUS/TIME, e.g. 429/2s"),
        },
        "delay" => Ok(Kind::Delay(span(value)?)),
        "drip" => match value.split_once('/') {
            Some((chunk, interval)) => match number("a number of bytes", chunk)? {
                0 => wrong("a number of bytes", chunk, "1 or more"),
                chunk => Ok(Kind::Drip { chunk, interval: span(interval)? }),
            },
            None => wrong("a value of drip", value, "BYTES/TIME, e.g. 16/50ms"),
        },
        "body" => body(value),
        "close" | "reset" | "lose" | "truncate" | "hang" if text != name => {
            wrong(&format!("`{name}`"), text, &format!("`{name}` without a value"))
        }
        "close" => Ok(Kind::Close),
        "reset" => Ok(Kind::Reset),
        "lose" => Ok(Kind::Lose),
        "truncate" => Ok(Kind::Truncate),
        "hang" => Ok(Kind::Hang),
        _ => wrong("a kind of fault", text, KINDS),
    }
}

fn body(value: &str) -> Parsed<Kind> {
    let parts = split(value, '/').and_then(|(code, rest)| {
        let (kind, rest) = split(rest, '/')?;
        let (subtype, text) = split(rest, '/')?;
        Some((code, format!("{}/{}", unescape(kind), unescape(subtype)), unescape(text)))
    });
    match parts {
        Some((code, content_type, text)) if is_content_type(&content_type) => {
            Ok(Kind::Body { status: status(code)?, content_type, text })
        }
        _ => wrong(
            "a value of body",
            value,
            "STATUS/TYPE/SUBTYPE/TEXT, e.g. 502/text/html/<h1>Bad gateway</h1>",
        ),
    }
}

fn number<T: FromStr>(part: &str, text: &str) -> Parsed<T> {
    text.parse().or_else(|_| wrong(part, text, "a whole number that is not too large"))
}

fn status(text: &str) -> Parsed<StatusCode> {
    match text.parse::<StatusCode>() {
        Ok(status) if !status.is_informational() => Ok(status),
        _ => wrong("an HTTP status", text, "a number from 200 to 999"),
    }
}

fn span(text: &str) -> Parsed<std::time::Duration> {
    duration::parse(text).map_or_else(|| wrong("a time", text, "e.g. 250ms, 2s or 1.5s"), Ok)
}

/// A number, or a text, which quotes may tell from a number.
fn code(text: &str) -> Code {
    let quoted = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match (quoted, text.parse()) {
        (Some(inner), _) => Code::Text(inner.to_owned()),
        (None, Ok(number)) => Code::Number(number),
        (None, Err(_)) => Code::Text(text.to_owned()),
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&escape(self.operation.as_deref().unwrap_or_default(), "=@"))?;
        if let Some(instance) = self.instance {
            write!(f, "@{instance}")?;
        }
        write!(f, "={}", self.kind)?;
        if let Some(message) = self.kind.message() {
            write!(f, ",message:{}", escape(message, ","))?;
        }
        if let Some(times) = self.schedule.times {
            write!(f, ",times:{times}")?;
        }
        if self.schedule.after > 0 {
            write!(f, ",after:{}", self.schedule.after)?;
        }
        if let Some(every) = self.schedule.every {
            write!(f, ",every:{every}")?;
        }
        if let Some((good, bad)) = self.schedule.flapping {
            write!(f, ",flapping:{good}/{bad}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status { status, .. } => write!(f, "status:{}", status.as_u16()),
            Self::Code { code, .. } => write!(f, "code:{}", escape(&code.to_string(), ",")),
            Self::RetryAfter { status, wait, .. } => {
                write!(f, "retry-after:{}/{}", status.as_u16(), Span(*wait))
            }
            Self::Delay(delay) => write!(f, "delay:{}", Span(*delay)),
            Self::Drip { chunk, interval } => write!(f, "drip:{chunk}/{}", Span(*interval)),
            Self::Body { status, content_type, text } => {
                let (kind, subtype) = content_type.split_once('/').unwrap_or((content_type, ""));
                let (kind, subtype) = (escape(kind, ",/"), escape(subtype, ",/"));
                write!(f, "body:{}/{kind}/{subtype}/{}", status.as_u16(), escape(text, ","))
            }
            Self::Close => f.write_str("close"),
            Self::Reset => f.write_str("reset"),
            Self::Lose => f.write_str("lose"),
            Self::Truncate => f.write_str("truncate"),
            Self::Hang => f.write_str("hang"),
        }
    }
}
