//! More visitors: each has a cart of its own, and goes to the next server when its server dies.

use std::collections::BTreeSet;

use statecookie::{KeyId, inspect};

use super::client::Client;
use super::protocol::{Answer, Reply, Request};
use super::state::CATALOGUE;
use crate::Outcome;
use crate::fleet::Fleet;

/// All of them, and what became of their sessions.
#[derive(Default)]
pub struct Crowd {
    visitors: Vec<Visitor>,
    /// How often a session went on at another server with all that it had.
    pub continued: u64,
    /// How often it did not, in words.
    pub lost: Vec<String>,
    /// The keys that signed for them.
    pub keys: BTreeSet<KeyId>,
}

struct Visitor {
    client: Client,
    customer: u64,
    article: &'static str,
}

impl Crowd {
    /// So many visitors come in at the first server, and put something into their carts.
    ///
    /// # Errors
    ///
    /// It does not take one.
    pub fn enter(visitors: u64, fleet: &Fleet) -> Outcome<Self> {
        let mut crowd = Self::default();
        for number in 0..visitors {
            let (customer, article) = (
                10_000 + number,
                CATALOGUE[number as usize % CATALOGUE.len()].0,
            );
            let login = format!("visitor{number}@example.org");
            let mut client = Client::connect(&login, fleet)?;
            for request in [
                Request::Open { login, customer },
                Request::Put(article.into()),
            ] {
                let answer = client.exchange(&request, || Ok(()))?;
                if answer.reply != Reply::Done {
                    return Err("a visitor was not let in".into());
                }
                crowd.note(&answer)?;
            }
            crowd.visitors.push(Visitor {
                client,
                customer,
                article,
            });
        }
        Ok(crowd)
    }

    /// Everybody leaves this server, which is dead.
    pub fn leave(&mut self, server: usize, fleet: &Fleet) {
        let mut visitors = std::mem::take(&mut self.visitors);
        visitors.retain_mut(|visitor| {
            if visitor.client.server() != server {
                return true;
            }
            match visitor.go_on(fleet).and_then(|answer| self.note(&answer)) {
                Ok(()) => self.continued += 1,
                Err(error) => self.lost.push(error.to_string()),
            }
            visitor.client.server() != server
        });
        self.visitors = visitors;
    }

    fn note(&mut self, answer: &Answer) -> Outcome<()> {
        if let Some(update) = &answer.update {
            self.keys
                .extend(inspect(update)?.root.map(|root| root.key_id));
        }
        Ok(())
    }
}

impl Visitor {
    /// Goes to the next server, and finds there what it had.
    fn go_on(&mut self, fleet: &Fleet) -> Outcome<Answer> {
        let answer = self.client.fail_over(fleet)?;
        let seen = self.client.seen()?;
        let cart: Vec<_> = seen
            .cart
            .iter()
            .map(|item| (&*item.article, item.count))
            .collect();
        if seen.customer != self.customer || cart != [(self.article, 1)] {
            return Err(format!("customer {} found {seen:?}", self.customer).into());
        }
        Ok(answer)
    }
}
