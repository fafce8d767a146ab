//! The app's window as the window manager sees it.

use std::path::Path;

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt as _, CreateWindowAux, EventMask, InputFocus,
    Window as Id, WindowClass,
};
use x11rb::rust_connection::RustConnection;

use crate::{Desktop, until};

const TITLE: &str = "Scraping Pros";

/// Presses the window's close button and waits for the app to be gone.
pub async fn close(display: &str) {
    let (screen, connection) = connect(display);
    let window = find(&connection, screen).expect("the app has a window");
    let process = number(&connection, window, "_NET_WM_PID").expect("GTK names the process");
    let protocols = atom(&connection, "WM_PROTOCOLS");
    let delete = atom(&connection, "WM_DELETE_WINDOW");
    let message = ClientMessageEvent::new(32, window, protocols, [delete, 0, 0, 0, 0]);
    connection
        .send_event(false, window, EventMask::NO_EVENT, message)
        .unwrap();
    connection.flush().unwrap();
    let process = format!("/proc/{process}");
    until("the app to end", async || {
        (!Path::new(&process).exists()).then_some(())
    })
    .await;
}

/// Another window with the focus, as when the person works in another app; it is gone when dropped.
pub struct Elsewhere {
    _connection: RustConnection,
}

impl Desktop {
    /// Gives the focus to another window.
    pub fn look_elsewhere(&self) -> Elsewhere {
        let (screen, connection) = connect(self.display_name());
        let window = connection.generate_id().unwrap();
        let setup = &connection.setup().roots[screen];
        let (root, visual, now) = (setup.root, setup.root_visual, x11rb::CURRENT_TIME);
        let look = CreateWindowAux::new().override_redirect(1);
        connection
            .create_window(
                0,
                window,
                root,
                0,
                0,
                8,
                8,
                0,
                WindowClass::INPUT_OUTPUT,
                visual,
                &look,
            )
            .unwrap();
        connection.map_window(window).unwrap();
        let focused = connection.set_input_focus(InputFocus::PARENT, window, now);
        focused.unwrap().check().unwrap();
        Elsewhere {
            _connection: connection,
        }
    }
}

fn connect(display: &str) -> (usize, RustConnection) {
    let (connection, screen) = RustConnection::connect(Some(display)).unwrap();
    (screen, connection)
}

/// Without a window manager a window stands right below the root.
fn find(connection: &RustConnection, screen: usize) -> Option<Id> {
    let root = connection.setup().roots[screen].root;
    let tree = connection.query_tree(root).unwrap().reply().unwrap();
    tree.children
        .into_iter()
        .find(|&window| title(connection, window) == TITLE.as_bytes())
}

fn title(connection: &RustConnection, window: Id) -> Vec<u8> {
    let (name, text) = (AtomEnum::WM_NAME, AtomEnum::ANY);
    let asked = connection.get_property(false, window, name, text, 0, 64);
    // A window may go while one asks.
    asked
        .unwrap()
        .reply()
        .map_or_else(|_| Vec::new(), |answer| answer.value)
}

fn number(connection: &RustConnection, window: Id, property: &str) -> Option<u32> {
    let property = atom(connection, property);
    let asked = connection.get_property(false, window, property, AtomEnum::CARDINAL, 0, 1);
    asked.unwrap().reply().unwrap().value32()?.next()
}

fn atom(connection: &RustConnection, name: &str) -> u32 {
    let asked = connection.intern_atom(false, name.as_bytes()).unwrap();
    asked.reply().unwrap().atom
}
