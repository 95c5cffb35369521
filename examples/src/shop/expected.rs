//! The checker: it knows the commands that were acknowledged, and nothing else.

use std::collections::BTreeMap;

use super::client::Seen;
use super::protocol::{Reply, Request};
use super::state::price;
use crate::Outcome;

/// What the commands so far must have led to.
#[derive(Clone, Debug, Default)]
pub struct Expected {
    customer: u64,
    cart: BTreeMap<String, u16>,
    quality: u8,
    position: [f32; 3],
    yaw: f32,
    credit_limit: Option<u16>,
}

impl Expected {
    /// Nothing was done yet.
    pub fn nothing() -> Self {
        Self {
            quality: 2,
            ..Self::default()
        }
    }

    /// How many things are in the cart.
    pub fn things(&self) -> u16 {
        self.cart.values().sum()
    }

    /// Takes note of a command and its answer.
    ///
    /// # Errors
    ///
    /// The answer is not the one that it must be.
    pub fn acknowledge(&mut self, request: &Request, reply: Reply) -> Outcome<()> {
        match (request, reply) {
            (Request::Open { customer, .. }, Reply::Done) => self.customer = *customer,
            (Request::Move { position, yaw }, Reply::Done) => {
                (self.position, self.yaw) = (*position, *yaw);
            }
            (Request::Quality(quality), Reply::Done) => self.quality = *quality,
            (Request::Put(article), Reply::Done) => {
                *self.cart.entry(article.clone()).or_default() += 1;
            }
            (Request::Credit(euro), Reply::Credit(granted)) => self.decided(*euro, granted)?,
            (request, reply) => {
                return Err(format!("`{}` was answered by {reply:?}", request.name()).into());
            }
        }
        Ok(())
    }

    /// From now on credit must be granted up to this, and no further.
    pub fn limit_is(&mut self, euro: u16) {
        self.credit_limit = Some(euro);
    }

    /// Two questions whose answers depend on the credit rating to the Euro.
    pub fn questions(&self) -> Vec<Request> {
        let limits = self.credit_limit.into_iter();
        limits
            .flat_map(|limit| [Request::Credit(limit), Request::Credit(limit + 1)])
            .collect()
    }

    /// Compares field by field with what the client sees.
    ///
    /// # Errors
    ///
    /// Something was lost or changed: says which field, what was expected and what was found.
    pub fn compare(&self, seen: &Seen) -> Outcome<()> {
        same("customer", &self.customer, &seen.customer)?;
        same("cart", &self.cart_lines(), &seen_lines(seen))?;
        same("quality", &self.quality, &seen.quality)?;
        same("position", &self.position, &seen.position)?;
        same("yaw", &self.yaw, &seen.yaw)
    }

    fn decided(&self, euro: u16, granted: bool) -> Outcome<()> {
        match self.credit_limit {
            Some(limit) => same("credit_rating", &(euro <= limit), &granted),
            None => Ok(()),
        }
    }

    fn cart_lines(&self) -> BTreeMap<&str, (u16, u32)> {
        let lines = self.cart.iter();
        lines
            .map(|(name, count)| (name.as_str(), (*count, price(name).unwrap_or(0))))
            .collect()
    }
}

fn seen_lines(seen: &Seen) -> BTreeMap<&str, (u16, u32)> {
    let lines = seen.cart.iter();
    lines
        .map(|item| (item.article.as_str(), (item.count, item.cents)))
        .collect()
}

fn same<T: PartialEq + std::fmt::Debug>(field: &str, expected: &T, found: &T) -> Outcome<()> {
    if expected == found {
        return Ok(());
    }
    Err(format!(
        "`{field}` is not what the commands say:\n  expected {expected:?}\n  found    {found:?}"
    )
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shop::state::Item;

    fn seen(count: u16) -> Seen {
        let item = Item {
            article: "lamp".into(),
            cents: 4_990,
            count,
        };
        Seen {
            customer: 7,
            cart: vec![item],
            quality: 2,
            position: [0.0; 3],
            yaw: 0.0,
        }
    }

    #[test]
    fn sees_a_lost_article_and_a_wrong_decision() {
        let mut expected = Expected::nothing();
        let open = Request::Open {
            login: "alice".into(),
            customer: 7,
        };
        expected.acknowledge(&open, Reply::Done).unwrap();
        for _ in 0..2 {
            expected
                .acknowledge(&Request::Put("lamp".into()), Reply::Done)
                .unwrap();
        }
        assert!(expected.compare(&seen(2)).is_ok());
        assert!(
            expected
                .compare(&seen(1))
                .unwrap_err()
                .to_string()
                .contains("`cart`")
        );
        expected.limit_is(500);
        assert!(
            expected
                .acknowledge(&Request::Credit(500), Reply::Credit(true))
                .is_ok()
        );
        assert!(
            expected
                .acknowledge(&Request::Credit(501), Reply::Credit(true))
                .is_err()
        );
        assert!(
            expected
                .acknowledge(&Request::Put("lamp".into()), Reply::Refused)
                .is_err()
        );
    }
}
