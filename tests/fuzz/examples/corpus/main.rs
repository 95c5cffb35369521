//! Keeps the corpus: `corpus seed|unpack|pack|reached FOLDER`, where the folder has one for each target.
//!
//! `seed` makes the first inputs out of the vectors, `unpack` writes what is kept as files for the fuzzer, `pack` keeps what is
//! in the folder instead, `reached` says which refusals and successes the inputs of the resume targets bring about, and fails if one
//! is missing.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use statecookie_fuzz::targets;
use statecookie_fuzz::{corpus, reached};

mod seeds;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [order, folder] = &arguments[..] else {
        return Err("corpus seed|unpack|pack|reached FOLDER".into());
    };
    let folder = Path::new(folder);
    match &order[..] {
        "seed" => {
            for (target, inputs) in seeds::all()? {
                corpus::unpack(&inputs, &folder.join(target))?;
            }
        }
        "unpack" => {
            for (target, _) in targets::ALL {
                corpus::unpack(&corpus::kept(target)?, &folder.join(target))?;
            }
        }
        "pack" => {
            for (target, _) in targets::ALL {
                corpus::keep(target, corpus::in_folder(&folder.join(target))?)?;
            }
        }
        "reached" => return report(folder),
        other => return Err(format!("no order {other}").into()),
    }
    Ok(ExitCode::SUCCESS)
}

/// What the resume targets reach: two of them all there is, and the third all but bad tags, since it makes every tag good.
fn report(folder: &Path) -> Result<ExitCode, Box<dyn Error>> {
    let resuming = targets::ALL
        .iter()
        .filter(|(name, _)| name.starts_with("resume_"));
    let mut all = true;
    for (name, run) in resuming {
        reached::clear();
        corpus::in_folder(&folder.join(name))?
            .iter()
            .for_each(|input| run(input));
        let report = reached::report();
        let missing: Vec<_> = report
            .iter()
            .filter(|(_, yes)| !yes)
            .map(|(what, _)| &what[..])
            .collect();
        println!(
            "{name}: {} of {} reached; not: [{}]",
            report.len() - missing.len(),
            report.len(),
            missing.join(", ")
        );
        let expected = ["refused: bad-tag"];
        all &= missing.is_empty() || (*name == "resume_resigned" && missing == expected);
    }
    Ok(if all {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
