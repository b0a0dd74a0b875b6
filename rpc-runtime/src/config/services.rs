//! The JSON map of services, read with the place of every fault.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::error::{ConfigError, Place};
use super::url::ServiceUrl;
use crate::discovery::ServiceName;

/// Service → its instances, at least one each.
pub(crate) type Services = BTreeMap<ServiceName, Vec<ServiceUrl>>;

const SHAPE: &str = r#"a JSON map such as {"order-service": "http://order-service:8000"}"#;

/// Reads the value of `variable`, or the text of a file of that name.
pub(crate) fn parse(variable: &str, text: &str) -> Result<Services, ConfigError> {
    if text.starts_with(['\'', '"']) {
        let message =
            format!("found a quote at the start, which is part of the value here; expected {SHAPE}");
        return Err(ConfigError::new(variable, message).at(Place::new("", 1, 1)));
    }
    let path = RefCell::new(String::new());
    let mut json = serde_json::Deserializer::from_str(text);
    let parsed = MapSeed(&path).deserialize(&mut json).and_then(|services| json.end().map(|()| services));
    parsed.map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let said = error.to_string();
        let said = said.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&said);
        // A fault of the grammar is not in the value that was read last; its line and column say where it is.
        let (path, message) = match error.is_data() {
            true => (path.take(), said.replacen("invalid type: ", "found ", 1)),
            false => (String::new(), format!("{said}; expected {SHAPE}")),
        };
        ConfigError::new(variable, message).at(Place::new(path, line.max(1), column.max(1)))
    })
}

/// The whole map. The cell holds the path of what is being read.
struct MapSeed<'p>(&'p RefCell<String>);

impl<'de> DeserializeSeed<'de> for MapSeed<'_> {
    type Value = Services;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Services, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for MapSeed<'_> {
    type Value = Services;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(SHAPE)
    }

    /// Not the default, which would show the text: it may be a URL with a password.
    fn visit_str<E: Error>(self, _: &str) -> Result<Services, E> {
        Err(E::custom(format_args!("found a string, expected {SHAPE}")))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Services, A::Error> {
        let mut services = Services::new();
        while let Some(key) = map.next_key::<String>()? {
            let path = format!("{key:?}");
            self.0.replace(path.clone());
            let name = ServiceName::new(&key).map_err(Error::custom)?;
            if services.contains_key(&name) {
                return Err(Error::custom("the service is there twice; write its instances as one list"));
            }
            let urls = map.next_value_seed(UrlsSeed { at: self.0, path: &path })?;
            services.insert(name, urls);
        }
        self.0.take();
        Ok(services)
    }
}

/// The value of one service: a URL, or a list of them.
struct UrlsSeed<'p> {
    at: &'p RefCell<String>,
    path: &'p str,
}

impl<'de> DeserializeSeed<'de> for UrlsSeed<'_> {
    type Value = Vec<ServiceUrl>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for UrlsSeed<'_> {
    type Value = Vec<ServiceUrl>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a URL or a list of URLs")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        UrlSeed.visit_str(text).map(|url| vec![url])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut urls = Vec::new();
        loop {
            self.at.replace(format!("{}[{}]", self.path, urls.len()));
            let Some(url) = list.next_element_seed(UrlSeed)? else { break };
            if urls.contains(&url) {
                return Err(Error::custom(format_args!("\"{url}\" is in the list twice")));
            }
            urls.push(url);
        }
        self.at.replace(self.path.to_owned());
        if urls.is_empty() {
            return Err(Error::custom("found an empty list, expected a URL or a list of URLs"));
        }
        Ok(urls)
    }
}

/// One URL.
struct UrlSeed;

impl<'de> DeserializeSeed<'de> for UrlSeed {
    type Value = ServiceUrl;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<ServiceUrl, D::Error> {
        json.deserialize_any(self)
    }
}

impl Visitor<'_> for UrlSeed {
    type Value = ServiceUrl;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a URL")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<ServiceUrl, E> {
        ServiceUrl::parse(text).map_err(E::custom)
    }
}

#[cfg(test)]
#[path = "services_tests.rs"]
mod tests;
