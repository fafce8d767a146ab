//! The jobs listing page after page (contract §5.2). While one page is read and handed out, the next is being fetched.

use std::pin::Pin;

use futures::{Stream, stream};
use tokio::task::JoinSet;

use crate::call::Reply;
use crate::jobs::listing;
use crate::types::JobsPage;
use crate::{Answered, Client, Error, JobsQuery, ParseFailure};

/// See [`Jobs::pages`](crate::Jobs::pages).
pub(crate) fn job_pages(
    client: Client,
    collection_id: String,
    run_id: String,
    query: JobsQuery,
) -> Pin<Box<dyn Stream<Item = Result<Answered<JobsPage>, Error>> + Send>> {
    let pages = JobPages {
        client,
        collection_id,
        run_id,
        query,
        fetching: JoinSet::new(),
        state: State::Fresh,
    };
    Box::pin(stream::unfold(pages, |mut pages| async {
        let page = pages.advance().await?;
        Some((page, pages))
    }))
}

struct JobPages {
    client: Client,
    collection_id: String,
    run_id: String,
    /// Its cursor is that of the page being fetched.
    query: JobsQuery,
    /// The fetch that is on its way, if any; ends with the stream.
    fetching: JoinSet<Result<Reply, Error>>,
    state: State,
}

#[derive(PartialEq)]
enum State {
    Fresh,
    Fetching,
    Ended,
}

impl JobPages {
    async fn advance(&mut self) -> Option<Result<Answered<JobsPage>, Error>> {
        if self.state == State::Fresh {
            self.fetch();
        }
        if self.state == State::Ended {
            return None;
        }
        let page = self.arrive().await;
        if page.is_err() {
            self.state = State::Ended;
            self.fetching.abort_all();
        }
        Some(page)
    }

    fn fetch(&mut self) {
        let client = self.client.clone();
        let call = listing(&client, &self.collection_id, &self.run_id, &self.query);
        self.fetching
            .spawn(async move { client.send(&call?).await });
        self.state = State::Fetching;
    }

    async fn arrive(&mut self) -> Result<Answered<JobsPage>, Error> {
        let reply = match self.fetching.join_next().await {
            Some(Ok(reply)) => reply?,
            Some(Err(failure)) => return Err(Error::Unsendable(failure.to_string())),
            None => return Err(Error::Unsendable("the fetch was dropped".to_owned())),
        };
        let page = match JobsPage::parse(reply.body.clone()) {
            Ok(page) => page,
            Err(failure) => return Err(self.client.unreadable(&failure, reply)),
        };
        match page.next() {
            None => self.state = State::Ended,
            Some(next) if self.query.cursor.as_deref() == Some(next) => {
                return Err(circle(reply));
            }
            Some(next) => {
                self.query.cursor = Some(next.to_owned());
                self.fetch();
            }
        }
        Ok(Answered {
            value: page,
            meta: reply.meta,
        })
    }
}

/// A page that leads to itself would be listed for ever.
fn circle(reply: Reply) -> Error {
    Error::Parse(Box::new(ParseFailure {
        path: "cursor_next".to_owned(),
        message: "the page leads to itself".to_owned(),
        excerpt: String::new(),
        meta: reply.meta,
    }))
}
