//! The page and its plots: made, written, or compared with what is there.

use std::fs;
use std::path::Path;

use super::figures::Figures;
use super::goodput::Point;
use super::{charts, tables};
use crate::Outcome;

/// The files of the page, by their path inside the folder of the documentation.
pub struct Page {
    /// Path and content; the page itself comes first.
    pub files: Vec<(String, String)>,
}

impl Page {
    /// What the figures make.
    ///
    /// # Errors
    ///
    /// A plot could not be drawn.
    pub fn new(figures: &Figures) -> Outcome<Self> {
        let mut files = vec![("evaluation.md".to_owned(), text(figures))];
        let charts = charts::charts(figures)?;
        files.extend(
            charts
                .into_iter()
                .map(|(name, svg)| (format!("evaluation/{name}"), svg)),
        );
        Ok(Self { files })
    }

    /// Writes all files into a folder.
    ///
    /// # Errors
    ///
    /// A file cannot be written.
    pub fn write(&self, folder: &Path) -> Outcome<()> {
        fs::create_dir_all(folder.join("evaluation"))?;
        for (path, content) in &self.files {
            fs::write(folder.join(path), content)?;
        }
        Ok(())
    }

    /// Compares all files with those in a folder.
    ///
    /// # Errors
    ///
    /// A file is missing or differs: the error names each.
    pub fn check(&self, folder: &Path) -> Outcome<()> {
        let differs = |(path, content): &&(String, String)| {
            fs::read_to_string(folder.join(path)).ok().as_ref() != Some(content)
        };
        let wrong: Vec<&str> = self
            .files
            .iter()
            .filter(differs)
            .map(|(path, _)| path.as_str())
            .collect();
        if wrong.is_empty() {
            return Ok(());
        }
        Err(format!(
            "not what this program makes: {}; run it with --write",
            wrong.join(", ")
        )
        .into())
    }
}

fn text(figures: &Figures) -> String {
    let mut text = include_str!("page.md").to_owned();
    let series: Vec<String> = Point::series(&figures.points)
        .iter()
        .map(|points| tables::goodput(points))
        .collect();
    let verdict = figures.verdict;
    let parts = [
        (
            "optimisations",
            tables::optimisations(&figures.optimisations),
        ),
        ("tiers", tables::tiers(&figures.fast, &figures.slow)),
        ("rates", tables::rates(&figures.rates)),
        ("tolerances", tables::tolerances(&figures.tolerances)),
        ("goodput 2", series[0].clone()),
        ("goodput 5", series[1].clone()),
        ("goodput 10", series[2].clone()),
        ("goodput delayed", series[3].clone()),
        ("restart", tables::restart(&figures.points)),
        ("jobs", figures.points[0].times.count().to_string()),
        ("points", verdict.points.to_string()),
        ("outside", verdict.outside.to_string()),
        ("farthest", format!("{:.2}", verdict.farthest)),
        ("widest", format!("{:.2} %", 100.0 * verdict.widest)),
        (
            "resumed",
            figures
                .points
                .iter()
                .map(|point| point.total.resumed)
                .sum::<u64>()
                .to_string(),
        ),
    ];
    for (name, part) in parts {
        text = text.replace(&format!("{{{{{name}}}}}"), part.trim_end());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::figures::Effort;

    #[test]
    fn no_place_of_the_page_stays_empty() {
        let page = Page::new(
            &Figures::measure(Effort {
                jobs: 20,
                seconds: 10,
            })
            .unwrap(),
        )
        .unwrap();
        let (name, text) = &page.files[0];
        assert_eq!(name, "evaluation.md");
        assert!(!text.contains("{{") && !text.contains("NaN"));
        for (path, _) in &page.files[1..] {
            assert!(text.contains(&format!("]({path})")), "{path} is not shown");
        }
    }

    #[test]
    fn what_was_written_is_found_unchanged_and_a_change_is_named() {
        let page = Page {
            files: vec![
                ("evaluation.md".into(), "text".into()),
                ("evaluation/a.svg".into(), "plot".into()),
            ],
        };
        let folder = std::env::temp_dir().join(format!("statecookie-page-{}", std::process::id()));
        assert!(page.check(&folder).is_err());
        page.write(&folder).unwrap();
        page.check(&folder).unwrap();
        fs::write(folder.join("evaluation/a.svg"), "plots").unwrap();
        let error = page.check(&folder).unwrap_err().to_string();
        assert!(error.contains("evaluation/a.svg") && !error.contains("evaluation.md"));
        fs::remove_dir_all(folder).unwrap();
    }
}
