//! Text for people: headings, and below them rows of a word and what there is to say of it.

/// A text in the making.
#[derive(Default)]
pub(crate) struct Page {
    text: String,
    rows: Vec<(String, String)>,
}

impl Page {
    /// A line of its own; the rows that follow belong to it.
    pub(crate) fn line(&mut self, line: &str) {
        self.align();
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A row below the last line.
    pub(crate) fn row(&mut self, word: &str, said: impl Into<String>) {
        self.rows.push((word.to_owned(), said.into()));
    }

    pub(crate) fn finish(mut self) -> String {
        self.align();
        self.text
    }

    /// The rows of one heading stand below each other; a word of more than sixteen characters moves only its own row.
    fn align(&mut self) {
        let width = |word: &String| word.chars().count();
        let short = self.rows.iter().map(|(word, _)| width(word));
        let column = short.filter(|width| *width <= 16).max().unwrap_or(0);
        for (word, said) in self.rows.drain(..) {
            let line = format!("  {word:<column$}  {said}");
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }
}
