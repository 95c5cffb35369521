//! The plots of the page.

use super::bandwidth::{Rate, Split, Tolerance};
use super::figures::Figures;
use super::goodput::{FailOver, Point, Setting, WORK};
use super::plot::{Axis, Chart, Corner, Series, Style, draw};
use crate::Outcome;

/// All plots, each with the name of its file.
///
/// # Errors
///
/// The drawing library failed.
pub fn charts(figures: &Figures) -> Outcome<Vec<(&'static str, String)>> {
    let charts = [
        ("tiers.svg", tiers(figures)),
        ("rate.svg", rate(&figures.rates)),
        ("tolerance.svg", tolerance(&figures.tolerances)),
        ("goodput.svg", goodput(&figures.points)),
        ("lost.svg", lost(&figures.points)),
        ("price.svg", price(&figures.points)),
    ];
    let drawn = charts
        .into_iter()
        .map(|(name, chart)| Ok((name, draw(&chart)?)));
    drawn.collect()
}

fn tiers(figures: &Figures) -> Chart {
    let visit = |name: &str, colour, splits: &[Split], whole: bool| Series {
        name: name.into(),
        colour,
        style: if whole { Style::Dashed } else { Style::Marked },
        points: splits
            .iter()
            .map(|split| {
                let traffic = if whole { split.whole } else { split.changed };
                (f64::from(split.tiers), traffic.bytes_per_second())
            })
            .collect(),
    };
    Chart {
        title: "The same fields and the same visit, cut into tiers".into(),
        x: Axis {
            name: "tiers",
            range: (0.8, 5.2),
            ticks: vec![1.0, 2.0, 3.0, 4.0, 5.0],
            logarithmic: false,
        },
        y: bytes((30.0, 20_000.0)),
        series: vec![
            visit(
                "10 steps a second, all tiers each time",
                0,
                &figures.fast,
                true,
            ),
            visit(
                "10 steps a second, what changed and below",
                0,
                &figures.fast,
                false,
            ),
            visit(
                "1 step a second, all tiers each time",
                1,
                &figures.slow,
                true,
            ),
            visit(
                "1 step a second, what changed and below",
                1,
                &figures.slow,
                false,
            ),
        ],
        legend: Corner::UpperRight,
    }
}

fn rate(rates: &[Rate]) -> Chart {
    let series = |name: &str, colour, of: fn(&Rate) -> f64| Series {
        name: name.into(),
        colour,
        style: Style::Marked,
        points: rates
            .iter()
            .map(|rate| (f64::from(rate.steps), of(rate)))
            .collect(),
    };
    Chart {
        title: "A visit at several rates of steps".into(),
        x: Axis {
            name: "steps a second",
            range: (0.9, 112.0),
            ticks: vec![1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0],
            logarithmic: true,
        },
        y: bytes((30.0, 50_000.0)),
        series: vec![
            series("whole state, one cookie", 1, |rate| {
                rate.whole.bytes_per_second()
            }),
            series("three tiers, what changed and below", 0, |rate| {
                rate.changed.bytes_per_second()
            }),
            series("the same, steps at most every 100 ms", 2, |rate| {
                rate.tenth.bytes_per_second()
            }),
            series("the same, steps at most every 1 s", 3, |rate| {
                rate.second.bytes_per_second()
            }),
        ],
        legend: Corner::UpperLeft,
    }
}

fn tolerance(tolerances: &[Tolerance]) -> Chart {
    let exact = tolerances[0].changed.bytes_per_second();
    let points = tolerances
        .iter()
        .filter_map(|tolerance| Some((tolerance.metres?, tolerance.changed.bytes_per_second())));
    let series = |name: &str, colour, style, points| Series {
        name: name.into(),
        colour,
        style,
        points,
    };
    Chart {
        title: "A visit with ten steps of 0.14 m a second".into(),
        x: Axis {
            name: "tolerance of the position (m)",
            range: (0.09, 5.5),
            ticks: vec![0.1, 0.2, 0.5, 1.0, 2.0, 5.0],
            logarithmic: true,
        },
        y: bytes((10.0, 1_000.0)),
        series: vec![
            series(
                "as it is",
                1,
                Style::Dashed,
                vec![(0.1, exact), (5.0, exact)],
            ),
            series("approximated", 0, Style::Marked, points.collect()),
        ],
        legend: Corner::LowerLeft,
    }
}

fn goodput(points: &[Point]) -> Chart {
    let mut series = comparison(points, |goodput| goodput);
    let restarts = points
        .iter()
        .filter(|point| point.fail_over == FailOver::Restart);
    series.extend(restarts.enumerate().map(|(colour, point)| Series {
        name: String::new(),
        colour,
        style: Style::Dashed,
        points: vec![(0.1, point.goodput()), (100.0, point.goodput())],
    }));
    Chart {
        title: "Points: simulated, with 95 % intervals. Lines: formula. Dashed: abort and restart"
            .into(),
        x: interval(),
        y: Axis {
            name: "goodput (useful share of the time)",
            range: (0.65, 1.005),
            ticks: (13..=20).map(|tick| f64::from(tick) / 20.0).collect(),
            logarithmic: false,
        },
        series,
        legend: Corner::LowerLeft,
    }
}

fn lost(points: &[Point]) -> Chart {
    Chart {
        title: "Points: simulated, with 95 % intervals. Lines: formula".into(),
        x: interval(),
        y: Axis {
            name: "time lost (%)",
            range: (0.003, 40.0),
            ticks: vec![
                0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0,
            ],
            logarithmic: true,
        },
        series: comparison(points, |goodput| 100.0 * (1.0 - goodput)),
        legend: Corner::LowerRight,
    }
}

/// What was simulated and the formula, each series in its colour.
fn comparison(points: &[Point], of: fn(f64) -> f64) -> Vec<Series> {
    let mut series = Vec::new();
    for (colour, measured) in Point::series(points).into_iter().enumerate() {
        let setting = measured[0].setting;
        let ends = measured.iter().map(|point| point.interval());
        series.push(Series {
            name: String::new(),
            colour,
            style: Style::Line,
            points: curve(&setting)
                .into_iter()
                .map(|(x, goodput)| (x, of(goodput)))
                .collect(),
        });
        series.push(Series {
            name: name(&setting),
            colour,
            style: Style::Bars(ends.map(|(low, high)| (of(low), of(high))).collect()),
            points: measured
                .iter()
                .map(|point| (percent(&point.setting), of(point.goodput())))
                .collect(),
        });
    }
    series
}

/// The formula at many intervals; it has a tooth wherever another interval fits into the job.
fn curve(setting: &Setting) -> Vec<(f64, f64)> {
    let at = |step: i32| {
        let share = 10_f64.powf(f64::from(step) / 200.0 - 3.0);
        let interval = (WORK as f64 * share).round() as u64;
        let setting = Setting {
            interval,
            ..*setting
        };
        (percent(&setting), setting.expected_goodput())
    };
    (0..=600).map(at).collect()
}

fn price(points: &[Point]) -> Chart {
    let line = |(colour, measured): (usize, Vec<&Point>)| Series {
        name: name(&measured[0].setting),
        colour,
        style: Style::Marked,
        points: measured
            .iter()
            .map(|point| (percent(&point.setting), point.bytes_per_second()))
            .collect(),
    };
    Chart {
        title: "What the state of a job costs".into(),
        x: interval(),
        y: bytes((10.0, 5_000.0)),
        series: Point::series(points)
            .into_iter()
            .filter(|measured| measured[0].setting.delay == 0)
            .enumerate()
            .map(line)
            .collect(),
        legend: Corner::UpperRight,
    }
}

fn name(setting: &Setting) -> String {
    let lengths = setting.mtbf / setting.work;
    match setting.delay {
        0 => format!("MTBF {lengths} jobs"),
        delay => format!("MTBF {lengths} jobs, {} ms on the way", delay / 1000),
    }
}

fn percent(setting: &Setting) -> f64 {
    setting.interval as f64 * 100.0 / setting.work as f64
}

fn interval() -> Axis {
    Axis {
        name: "interval between cookies (% of the job)",
        range: (0.09, 112.0),
        ticks: vec![0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0],
        logarithmic: true,
    }
}

fn bytes(range: (f64, f64)) -> Axis {
    let ticks = [10.0, 100.0, 1_000.0, 10_000.0].into_iter();
    let ticks = ticks.flat_map(|decade| [decade, 2.0 * decade, 5.0 * decade]);
    Axis {
        name: "state sent (bytes/s)",
        range,
        ticks: ticks
            .filter(|tick| (range.0..=range.1).contains(tick))
            .collect(),
        logarithmic: true,
    }
}
