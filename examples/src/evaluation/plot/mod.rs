//! Line charts as SVG: no clock, no chance and no fonts of the machine, so that the same figures make the same bytes.

mod axis;

use plotters::coord::Shift;
use plotters::prelude::*;

pub use axis::Axis;

use crate::Outcome;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Context<'a> = ChartContext<'a, SVGBackend<'a>, Cartesian2d<Axis, Axis>>;

/// Width and height, in pixels.
const SIZE: (u32, u32) = (860, 520);

/// Colours that people with any colour vision can tell apart (Okabe and Ito).
const COLOURS: [RGBColor; 5] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(80, 80, 80),
];

/// A chart with its axes and everything on it.
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// From left to right.
    pub x: Axis,
    /// From bottom to top.
    pub y: Axis,
    /// What is drawn, in the order of the legend.
    pub series: Vec<Series>,
    /// Where the legend leaves the curves free.
    pub legend: Corner,
}

/// A corner of the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Corner {
    /// At the top on the left.
    UpperLeft,
    /// At the top on the right.
    UpperRight,
    /// At the bottom on the left.
    LowerLeft,
    /// At the bottom on the right.
    LowerRight,
}

/// One line of the legend.
pub struct Series {
    /// Its name in the legend; empty if it needs none.
    pub name: String,
    /// Which of the colours.
    pub colour: usize,
    /// How it is drawn.
    pub style: Style,
    /// The points, from left to right.
    pub points: Vec<(f64, f64)>,
}

/// How a series is drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Style {
    /// A line through its points, without marks: a formula.
    Line,
    /// A dashed line.
    Dashed,
    /// A line and a mark on each point: what was measured.
    Marked,
    /// Marks with the lower and upper end of what was measured for each.
    Bars(Vec<(f64, f64)>),
}

/// The chart as the text of an SVG file.
///
/// # Errors
///
/// The drawing library failed.
pub fn draw(chart: &Chart) -> Outcome<String> {
    let mut text = String::new();
    {
        let root = SVGBackend::with_string(&mut text, SIZE).into_drawing_area();
        root.fill(&WHITE)?;
        let mut context = frame(&root, chart)?;
        for series in &chart.series {
            add(&mut context, series)?;
        }
        context
            .configure_series_labels()
            .position(position(chart.legend))
            .background_style(WHITE.mix(0.9))
            .border_style(BLACK.mix(0.3))
            .label_font(("sans-serif", 15))
            .legend_area_size(34)
            .margin(14)
            .draw()?;
        root.present()?;
    }
    Ok(text)
}

fn frame<'a>(root: &Area<'a>, chart: &Chart) -> Outcome<Context<'a>> {
    let mut context = ChartBuilder::on(root)
        .caption(&chart.title, ("sans-serif", 20))
        .margin(16)
        .margin_right(28)
        .x_label_area_size(48)
        .y_label_area_size(76)
        .build_cartesian_2d(chart.x.clone(), chart.y.clone())?;
    context
        .configure_mesh()
        .x_desc(chart.x.name)
        .y_desc(chart.y.name)
        .x_labels(chart.x.ticks.len())
        .y_labels(chart.y.ticks.len())
        .label_style(("sans-serif", 15))
        .axis_desc_style(("sans-serif", 16))
        .bold_line_style(BLACK.mix(0.15))
        .light_line_style(TRANSPARENT)
        .draw()?;
    Ok(context)
}

fn add(context: &mut Context<'_>, series: &Series) -> Outcome<()> {
    let colour = COLOURS[series.colour % COLOURS.len()];
    let points = series.points.iter().copied();
    let line = colour.stroke_width(2);
    let added = match &series.style {
        Style::Line => context.draw_series(LineSeries::new(points, line))?,
        Style::Dashed => context.draw_series(DashedLineSeries::new(points, 7, 5, line))?,
        Style::Marked => {
            let marked = colour.filled().stroke_width(2);
            context.draw_series(LineSeries::new(points, marked).point_size(4))?
        }
        Style::Bars(ends) => {
            context.draw_series(points.zip(ends).map(|((x, y), &(low, high))| {
                ErrorBar::new_vertical(x, low, y, high, colour.filled(), 9)
            }))?
        }
    };
    if series.name.is_empty() {
        return Ok(());
    }
    // What stands before the name in the legend: one type of element, whose missing parts are drawn in no colour.
    let line = match series.style {
        Style::Bars(_) => TRANSPARENT.stroke_width(0),
        _ => RGBAColor::from(colour).stroke_width(2),
    };
    let mark = match series.style {
        Style::Marked | Style::Bars(_) => RGBAColor::from(colour).filled(),
        Style::Line | Style::Dashed => TRANSPARENT.filled(),
    };
    let gap = if series.style == Style::Dashed { 4 } else { 0 };
    added.label(&series.name).legend(move |(x, y)| {
        EmptyElement::at((0, 0))
            + PathElement::new(vec![(x, y), (x + 13 - gap, y)], line)
            + PathElement::new(vec![(x + 13 + gap, y), (x + 26, y)], line)
            + Circle::new((x + 13, y), 4, mark)
    });
    Ok(())
}

fn position(corner: Corner) -> SeriesLabelPosition {
    match corner {
        Corner::UpperLeft => SeriesLabelPosition::UpperLeft,
        Corner::UpperRight => SeriesLabelPosition::UpperRight,
        Corner::LowerLeft => SeriesLabelPosition::LowerLeft,
        Corner::LowerRight => SeriesLabelPosition::LowerRight,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart() -> Chart {
        let axis = |name, logarithmic| Axis {
            name,
            range: (1.0, 100.0),
            ticks: vec![1.0, 10.0, 100.0],
            logarithmic,
        };
        Chart {
            title: "a title".into(),
            x: axis("left to right (s)", true),
            y: axis("bottom to top (m)", false),
            series: vec![Series {
                name: "a series".into(),
                colour: 0,
                style: Style::Bars(vec![(40.0, 60.0)]),
                points: vec![(10.0, 50.0)],
            }],
            legend: Corner::UpperLeft,
        }
    }

    #[test]
    fn the_same_chart_is_the_same_file() {
        let drawn = draw(&chart()).unwrap();
        assert_eq!(drawn, draw(&chart()).unwrap());
        for text in [
            "a title",
            "left to right (s)",
            "bottom to top (m)",
            "a series",
        ] {
            assert!(drawn.contains(text), "{text}");
        }
    }
}
