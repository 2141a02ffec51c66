//! Boxes on a page: points, from the top left corner, y downwards.

/// A box with its sides along the page's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Rect {
    /// The smallest box around points.
    pub(super) fn around(points: &[(f64, f64)]) -> Self {
        let mut around = Self {
            left: f64::INFINITY,
            top: f64::INFINITY,
            right: f64::NEG_INFINITY,
            bottom: f64::NEG_INFINITY,
        };
        for (x, y) in points {
            around.left = around.left.min(*x);
            around.right = around.right.max(*x);
            around.top = around.top.min(*y);
            around.bottom = around.bottom.max(*y);
        }
        around
    }

    pub(super) fn width(self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(self) -> f64 {
        self.bottom - self.top
    }

    pub(super) fn centre(self) -> (f64, f64) {
        (
            f64::midpoint(self.left, self.right),
            f64::midpoint(self.top, self.bottom),
        )
    }

    pub(super) fn holds(self, (x, y): (f64, f64)) -> bool {
        self.left <= x && x <= self.right && self.top <= y && y <= self.bottom
    }

    pub(super) fn union(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// How much of the smaller one's height both share, 0 to 1.
    pub(super) fn shared_height(self, other: Self) -> f64 {
        let shared = self.bottom.min(other.bottom) - self.top.max(other.top);
        let smaller = self.height().min(other.height()).max(1e-9);
        (shared / smaller).clamp(0.0, 1.0)
    }

    /// The same, larger by `by` on all sides.
    pub(super) fn grown(self, by: f64) -> Self {
        Self {
            left: self.left - by,
            top: self.top - by,
            right: self.right + by,
            bottom: self.bottom + by,
        }
    }
}
