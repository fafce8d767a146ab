//! The browser's debugging protocol over one web socket, shared by all open pages. Chromiumoxide gives
//! the socket and the typed commands; here replies find their callers, and each page gets its events
//! in one ordered stream.

use std::collections::HashMap;

use chromiumoxide::cdp::browser_protocol::target::SessionId;
use chromiumoxide::conn::Connection;
use chromiumoxide::types::{CallId, Command, EventMessage, Message, Method, MethodId, Response};
use futures::StreamExt;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};

use crate::page::PageError;

/// Events of one page and its child frames, in the browser's order.
pub type Events = mpsc::UnboundedReceiver<Event>;

/// The socket's shared end.
#[derive(Clone)]
pub struct Cdp {
    orders: mpsc::UnboundedSender<Order>,
}

/// Commands of one session; without an id, of the browser itself.
#[derive(Clone)]
pub struct Session {
    cdp: Cdp,
    id: Option<String>,
}

/// As it came; who wants it reads its parameters.
#[derive(Debug, Deserialize)]
pub struct Event {
    pub method: String,
    #[serde(rename = "sessionId", default)]
    pub session: Option<String>,
    #[serde(default)]
    pub params: Value,
}

#[derive(Debug, thiserror::Error)]
pub enum CdpError {
    #[error("it ended while the page was open")]
    Closed,
    #[error("{method}: {message}")]
    Refused { method: MethodId, message: String },
}

impl From<CdpError> for PageError {
    fn from(error: CdpError) -> Self {
        let message = error.to_string();
        match error {
            CdpError::Closed => Self::Browser { message },
            CdpError::Refused { .. } => Self::Protocol { message },
        }
    }
}

type Reply = oneshot::Sender<Result<Value, CdpError>>;

enum Order {
    Call {
        method: MethodId,
        session: Option<String>,
        params: Value,
        reply: Option<Reply>,
    },
    Listen {
        session: String,
        events: mpsc::UnboundedSender<Event>,
    },
    Forget {
        session: String,
    },
}

impl Cdp {
    /// Talks until the browser or everyone here hangs up. Events that belong to no page go to `rest`.
    pub async fn connect(
        address: &str,
        rest: mpsc::UnboundedSender<Event>,
    ) -> Result<Self, PageError> {
        let socket = Connection::connect(address)
            .await
            .map_err(|error| PageError::Browser {
                message: format!("its debugging socket could not be opened: {error}"),
            })?;
        let (orders, inbox) = mpsc::unbounded_channel();
        let desk = Desk {
            socket,
            rest,
            waiting: HashMap::new(),
            listeners: HashMap::new(),
        };
        tokio::spawn(desk.run(inbox));
        Ok(Self { orders })
    }

    pub fn is_closed(&self) -> bool {
        self.orders.is_closed()
    }

    /// Resolves when the browser is gone.
    pub async fn closed(&self) {
        self.orders.closed().await;
    }

    pub fn browser(&self) -> Session {
        Session {
            cdp: self.clone(),
            id: None,
        }
    }

    pub fn session(&self, id: impl Into<String>) -> Session {
        Session {
            cdp: self.clone(),
            id: Some(id.into()),
        }
    }

    /// From now on the session's events go to `events`.
    pub fn listen(&self, session: &SessionId, events: mpsc::UnboundedSender<Event>) {
        self.order(Order::Listen {
            session: session.inner().clone(),
            events,
        });
    }

    pub fn forget(&self, session: &str) {
        self.order(Order::Forget {
            session: session.to_owned(),
        });
    }

    /// A closed socket is seen by whoever waits for an answer.
    fn order(&self, order: Order) {
        let _ = self.orders.send(order);
    }
}

impl Session {
    pub async fn call<C: Command>(&self, command: C) -> Result<C::Response, CdpError> {
        let method = command.identifier();
        let value = self.call_for_value(command).await?;
        C::response_from_value(value).map_err(|error| CdpError::Refused {
            method,
            message: error.to_string(),
        })
    }

    /// For answers of which only a part is wanted, so that a newer browser's words do no harm.
    pub async fn call_for_value<C: Command>(&self, command: C) -> Result<Value, CdpError> {
        let (reply, answer) = oneshot::channel();
        self.send(command, Some(reply))?;
        answer.await.map_err(|_| CdpError::Closed)?
    }

    /// Without waiting; orders of one session keep their order.
    pub fn tell<C: Command>(&self, command: C) {
        if let Err(error) = self.send(command, None) {
            tracing::debug!(%error, "not sent");
        }
    }

    fn send<C: Command>(&self, command: C, reply: Option<Reply>) -> Result<(), CdpError> {
        let method = command.identifier();
        let params = serde_json::to_value(command).map_err(|error| CdpError::Refused {
            method: method.clone(),
            message: error.to_string(),
        })?;
        self.cdp.order(Order::Call {
            method,
            session: self.id.clone(),
            params,
            reply,
        });
        Ok(())
    }
}

/// Owns the socket.
struct Desk {
    socket: Connection<Event>,
    rest: mpsc::UnboundedSender<Event>,
    waiting: HashMap<CallId, (MethodId, Reply)>,
    listeners: HashMap<String, mpsc::UnboundedSender<Event>>,
}

impl Desk {
    async fn run(mut self, mut inbox: mpsc::UnboundedReceiver<Order>) {
        loop {
            tokio::select! {
                order = inbox.recv() => match order {
                    Some(order) => self.carry_out(order),
                    None => return,
                },
                message = self.socket.next() => match message {
                    Some(Ok(Message::Response(response))) => self.answer(response),
                    Some(Ok(Message::Event(event))) => self.deliver(event),
                    Some(Err(chromiumoxide::error::CdpError::InvalidMessage(_, error))) => {
                        tracing::debug!(%error, "a message that can't be read");
                    }
                    Some(Err(error)) => {
                        tracing::debug!(%error, "the browser's socket broke");
                        return;
                    }
                    None => return,
                },
            }
        }
    }

    fn carry_out(&mut self, order: Order) {
        match order {
            Order::Call {
                method,
                session,
                params,
                reply,
            } => {
                let session = session.map(SessionId::new);
                let sent = self.socket.submit_command(method.clone(), session, params);
                if let (Ok(id), Some(reply)) = (sent, reply) {
                    self.waiting.insert(id, (method, reply));
                }
            }
            Order::Listen { session, events } => {
                self.listeners.insert(session, events);
            }
            Order::Forget { session } => {
                self.listeners.remove(&session);
            }
        }
    }

    fn answer(&mut self, response: Response) {
        let Some((method, reply)) = self.waiting.remove(&response.id) else {
            return;
        };
        let _ = reply.send(match response.error {
            Some(error) => Err(CdpError::Refused {
                method,
                message: error.message,
            }),
            None => Ok(response.result.unwrap_or_default()),
        });
    }

    fn deliver(&mut self, event: Event) {
        let listener = event
            .session
            .as_ref()
            .map_or(Some(&self.rest), |session| self.listeners.get(session));
        if let Some(listener) = listener {
            let _ = listener.send(event);
        }
    }
}

impl Method for Event {
    fn identifier(&self) -> MethodId {
        self.method.clone().into()
    }
}

impl EventMessage for Event {
    fn session_id(&self) -> Option<&str> {
        self.session.as_deref()
    }
}
