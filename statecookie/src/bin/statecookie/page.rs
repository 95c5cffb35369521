//! Text for people: headings, and below them rows of a word and what there is to say of it.

/// A text in the making.
#[derive(Default)]
pub(crate) struct Page {
    text: String,
    rows: Vec<Row>,
}

struct Row {
    word: String,
    said: String,
    note: String,
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
        self.noted(word, said, "");
    }

    /// A row with a note, which stands below where the line is full.
    pub(crate) fn noted(&mut self, word: &str, said: impl Into<String>, note: &str) {
        self.rows.push(Row {
            word: word.to_owned(),
            said: said.into(),
            note: note.to_owned(),
        });
    }

    pub(crate) fn finish(mut self) -> String {
        self.align();
        self.text
    }

    /// The rows of one heading stand below each other; a word of more than sixteen characters moves only its own row.
    fn align(&mut self) {
        let widths = self.rows.iter().map(|row| width(&row.word));
        let column = widths.filter(|width| *width <= 16).max().unwrap_or(0);
        for Row { word, said, note } in self.rows.drain(..) {
            let line = format!("  {word:<column$}  {said}");
            self.text.push_str(line.trim_end());
            if !note.is_empty() {
                let fits = width(&line) + 2 + width(&note) <= WIDTH;
                let below = format!("\n  {:column$}  ", "");
                self.text.push_str(if fits { "  " } else { &below });
                self.text.push_str(&note);
            }
            self.text.push('\n');
        }
    }
}

fn width(text: &str) -> usize {
    text.chars().count()
}

/// How wide a text runs: a terminal of 80 columns, or a log that is quoted.
const WIDTH: usize = 78;

/// A text in lines, the first behind `mark`, the others below its text.
pub(crate) fn wrapped(page: &mut Page, mark: &str, text: &str) {
    let indent = width(mark);
    let mut line = mark.to_owned();
    let mut empty = true;
    for word in text.split(' ') {
        if !empty && width(&line) + 1 + width(word) > WIDTH {
            page.line(&line);
            line = " ".repeat(indent);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    page.line(&line);
}
