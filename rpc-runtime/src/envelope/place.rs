//! Where in a JSON text an error happened: line and column of serde_json turned into a path such as `data.items[3].amount`.
//!
//! Walking the text again on failure keeps path tracking out of every type's decoder, where it would double the code.

/// The path of the value at (or just before) a position. `line` and `column` count from 1, as serde_json's do.
pub(crate) fn place_of(text: &str, line: usize, column: usize) -> String {
    Walk { bytes: text.as_bytes(), at: 0, end: offset_of(text, line, column), path: Vec::new() }.run()
}

fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    start.saturating_add(column).min(text.len())
}

enum Step {
    Field(String),
    Item(usize),
}

struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
    path: Vec<Step>,
}

impl Walk<'_> {
    /// One step per structural character; the stack of steps at the end is the path.
    fn run(mut self) -> String {
        let mut expect_key = false;
        while self.at < self.end {
            match self.bytes.get(self.at) {
                Some(b'{') => {
                    self.path.push(Step::Field(String::new()));
                    expect_key = true;
                    self.at += 1;
                }
                Some(b'[') => {
                    self.path.push(Step::Item(0));
                    expect_key = false;
                    self.at += 1;
                }
                Some(b'}' | b']') => {
                    // An error at the closing bracket is about the whole: a field or an item is missing.
                    if self.at + 1 >= self.end {
                        self.path.pop();
                        break;
                    }
                    self.path.pop();
                    expect_key = false;
                    self.at += 1;
                }
                Some(b',') => {
                    match self.path.last_mut() {
                        Some(Step::Item(index)) => *index += 1,
                        Some(Step::Field(_)) => expect_key = true,
                        None => {}
                    }
                    self.at += 1;
                }
                Some(b'"') => {
                    let text = self.string();
                    if expect_key && let Some(Step::Field(key)) = self.path.last_mut() {
                        *key = text;
                        expect_key = false;
                    }
                }
                Some(_) => self.at += 1,
                None => break,
            }
        }
        self.render()
    }

    /// Reads the string at the cursor, escapes left as they are.
    fn string(&mut self) -> String {
        let start = self.at + 1;
        self.at = start;
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'\\' => self.at += 2,
                b'"' => break,
                _ => self.at += 1,
            }
        }
        let end = self.at.min(self.bytes.len());
        self.at += 1;
        String::from_utf8_lossy(self.bytes.get(start..end).unwrap_or_default()).into_owned()
    }

    fn render(&self) -> String {
        let mut out = String::new();
        for step in &self.path {
            match step {
                Step::Field(key) if key.is_empty() => {}
                Step::Field(key) => {
                    if !out.is_empty() {
                        out.push('.');
                    }
                    out.push_str(key);
                }
                Step::Item(index) => {
                    out.push('[');
                    out.push_str(&index.to_string());
                    out.push(']');
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The position is where serde_json reports the error when `text` is decoded as `T`.
    fn check<T: serde::de::DeserializeOwned + std::fmt::Debug>(text: &str, expected: &str) {
        let error = serde_json::from_str::<T>(text).unwrap_err();
        assert_eq!(place_of(text, error.line(), error.column()), expected, "{text}: {error}");
    }

    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only decoded")]
    struct Order {
        id: i64,
        items: Vec<Line>,
        #[serde(default)]
        note: Option<String>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only decoded")]
    struct Line {
        sku: String,
        quantity: u8,
    }

    #[test]
    fn names_the_wrong_value() {
        check::<Order>(r#"{"id": "x", "items": []}"#, "id");
        check::<Order>(
            r#"{"items": [{"sku": "a", "quantity": 1}, {"sku": "b", "quantity": 300}], "id": 1}"#,
            "items[1].quantity",
        );
        check::<Order>("{\n  \"id\": 1,\n  \"items\": [\n    {\"sku\": null}\n  ]\n}", "items[0].sku");
        check::<Order>(r#"{"id": 1, "items": [], "note": {"a": [1, 2]}}"#, "note");
    }

    #[test]
    fn a_missing_field_names_its_object() {
        check::<Order>(r#"{"id": 1, "items": [{"sku": "a"}]}"#, "items[0]");
        check::<Vec<Vec<(u8, u8)>>>("[[], [[1, 2], [1]]]", "[1][1]");
        check::<Vec<u8>>("[1, 300]", "[1]");
        check::<Vec<u8>>("[1, -3 ]", "[1]");
    }

    #[test]
    fn escapes_and_brackets_in_strings_do_not_confuse() {
        check::<Order>(
            r#"{"a\"}]{": "]}\"", "id": 1, "items": [{"sku": "[{\"", "quantity": "x"}]}"#,
            "items[0].quantity",
        );
    }

    #[test]
    fn any_position_is_answered() {
        for line in 0..4 {
            for column in 0..40 {
                place_of("{\"a\": [1,\n{\"b\": \"\\", line, column);
            }
        }
    }
}
