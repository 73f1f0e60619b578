//! Line plots as SVG, without scripts.

use maud::{html, Markup};

use crate::output::Line;

/// The plot's own units.
const WIDTH: u32 = 960;
const HEIGHT: u32 = 260;
const LEFT: u32 = 84;
const RIGHT: u32 = 12;
const TOP: u32 = 12;
const BOTTOM: u32 = 28;
/// Points drawn of a line: the extremes of this many columns are kept.
const COLUMNS: usize = 800;
/// Colours of the style sheet.
const COLOURS: usize = 5;

/// How a line is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Connected.
    Line,
    /// A stem from zero to each value.
    Stems,
}

/// Values of one plot, already as numbers to draw.
pub struct Plot {
    pub title: &'static str,
    pub shape: Shape,
    /// The time it shows at least.
    pub span: Option<(u64, u64)>,
    /// A level worth a dashed line, and its name.
    pub mark: Option<(f64, &'static str)>,
    pub lines: Vec<Line<f64>>,
}

/// The part of the plane that a plot shows.
struct Frame {
    from: u64,
    until: u64,
    low: f64,
    high: f64,
}

impl Plot {
    /// The plot with title and legend; nothing when there are no values.
    pub fn render(&self) -> Markup {
        let Some(frame) = self.frame() else {
            return html! {};
        };
        html! {
            figure {
                figcaption { (self.title) }
                svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(self.title) {
                    (frame.grid())
                    @if let Some((level, name)) = self.mark {
                        @let y = frame.y(level);
                        line.mark x1=(LEFT) x2=(WIDTH - RIGHT) y1=(y) y2=(y) {}
                        text.mark x=(WIDTH - RIGHT) y=(format!("{:.1}", frame.height_of(level) - 4.0)) text-anchor="end" { (name) }
                    }
                    @for (index, line) in self.lines.iter().enumerate() {
                        path class=(format!("line c{}", index % COLOURS)) d=(frame.path(line, self.shape)) {}
                    }
                }
                ul.legend {
                    @for (index, line) in self.lines.iter().enumerate() {
                        li class=(format!("c{}", index % COLOURS)) { (line.name) }
                    }
                }
            }
        }
    }

    fn frame(&self) -> Option<Frame> {
        let points = || self.lines.iter().flat_map(|line| &line.points);
        let (mut from, mut until) = self.span.unwrap_or((u64::MAX, 0));
        from = points().map(|(time, _)| *time).min()?.min(from);
        until = points()
            .map(|(time, _)| *time)
            .max()?
            .max(until)
            .max(from + 1);
        let marked = self.mark.map(|(level, _)| level);
        let values = || points().map(|(_, value)| *value).chain(marked);
        let floor = if self.shape == Shape::Stems {
            0.0
        } else {
            f64::INFINITY
        };
        let (low, high) = (
            values().fold(floor, f64::min),
            values().fold(f64::NEG_INFINITY, f64::max),
        );
        let margin = ((high - low) * 0.06)
            .max(high.abs() * 0.001)
            .max(f64::MIN_POSITIVE);
        // Nothing plotted is below zero unless a value is.
        let low = (low - margin).max(low.min(0.0));
        Some(Frame {
            from,
            until,
            low,
            high: high + margin,
        })
    }
}

// Pixels need no exactness.
#[allow(clippy::cast_precision_loss)]
impl Frame {
    fn x(&self, time: u64) -> f64 {
        let share = (time - self.from) as f64 / (self.until - self.from) as f64;
        f64::from(LEFT) + share * f64::from(WIDTH - LEFT - RIGHT)
    }

    fn height_of(&self, value: f64) -> f64 {
        let share = (value - self.low) / (self.high - self.low);
        f64::from(HEIGHT - BOTTOM) - share * f64::from(HEIGHT - TOP - BOTTOM)
    }

    fn y(&self, value: f64) -> String {
        format!("{:.1}", self.height_of(value))
    }

    fn path(&self, line: &Line<f64>, shape: Shape) -> String {
        let mut path = String::new();
        for (index, (time, value)) in thinned(&line.points).into_iter().enumerate() {
            let (x, y) = (format!("{:.1}", self.x(time)), self.y(value));
            path.push_str(&match (shape, index) {
                (Shape::Stems, _) => format!("M{x} {}V{y}", self.y(0.0)),
                (Shape::Line, 0) => format!("M{x} {y}"),
                (Shape::Line, _) => format!("L{x} {y}"),
            });
        }
        path
    }

    fn grid(&self) -> Markup {
        const PARTS: u32 = 4;
        let level =
            |part: u32| self.low + (self.high - self.low) * f64::from(part) / f64::from(PARTS);
        let moment =
            |part: u32| self.from + (self.until - self.from) * u64::from(part) / u64::from(PARTS);
        html! {
            @for part in 0..=PARTS {
                @let y = self.y(level(part));
                line.grid x1=(LEFT) x2=(WIDTH - RIGHT) y1=(y) y2=(y) {}
                text x=(LEFT - 8) y=(y) dy="4" text-anchor="end" { (short(level(part))) }
                text x=(format!("{:.1}", self.x(moment(part)))) y=(HEIGHT - 8)
                    text-anchor=(match part { 0 => "start", PARTS => "end", _ => "middle" }) { (crate::output::date(moment(part))) }
            }
        }
    }
}

/// A value for an axis.
fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 10_000_000.0 => format!("{:.2} M", value / 1_000_000.0),
        size if size >= 10_000.0 => format!("{:.1} k", value / 1_000.0),
        size if size >= 100.0 => format!("{value:.0}"),
        _ => format!("{value:.2}"),
    }
}

/// Few enough points to draw, with the lowest and the highest of each column kept.
fn thinned(points: &[(u64, f64)]) -> Vec<(u64, f64)> {
    if points.len() <= 2 * COLUMNS {
        return points.to_vec();
    }
    let mut kept = Vec::with_capacity(2 * COLUMNS + 2);
    for column in points.chunks(points.len().div_ceil(COLUMNS)) {
        let by_value = |left: &&(u64, f64), right: &&(u64, f64)| left.1.total_cmp(&right.1);
        let mut extremes: Vec<_> = column
            .iter()
            .min_by(by_value)
            .into_iter()
            .chain(column.iter().max_by(by_value))
            .collect();
        extremes.sort_by_key(|(time, _)| *time);
        kept.extend(extremes);
    }
    kept.extend(points.last());
    kept.dedup();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_a_crash_of_one_step() {
        let points: Vec<(u64, f64)> = (0..26_000)
            .map(|step| (step, if step == 12_345 { 86.0 } else { 195.0 }))
            .collect();
        let kept = thinned(&points);
        assert!(kept.len() <= 2 * COLUMNS + 2, "{} points", kept.len());
        assert!(kept.contains(&(12_345, 86.0)), "the crash");
        assert!(
            kept.windows(2).all(|pair| pair[0].0 <= pair[1].0),
            "in order"
        );
        assert_eq!(kept.last(), points.last(), "to the end");
    }

    #[test]
    fn a_plot_without_values_is_left_out() {
        let plot = Plot {
            title: "none",
            shape: Shape::Line,
            span: None,
            mark: Some((1.0, "liquidation")),
            lines: Vec::new(),
        };
        assert_eq!(plot.render().into_string(), "");
    }

    #[test]
    fn a_flat_line_has_coordinates() {
        let lines = vec![Line {
            name: "flat".to_owned(),
            points: vec![(7, 0.0)],
        }];
        let svg = Plot {
            title: "flat",
            shape: Shape::Line,
            span: None,
            mark: None,
            lines,
        }
        .render()
        .into_string();
        assert!(
            svg.contains("<svg") && !svg.contains("NaN") && !svg.contains("inf"),
            "{svg}"
        );
    }
}
