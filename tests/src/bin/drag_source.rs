//! Shows a small window below the app's, from which the file named by its argument can be dragged.

use std::path::PathBuf;

use gtk::gdk::{DragAction, ModifierType};
use gtk::prelude::*;

fn main() {
    let file = PathBuf::from(std::env::args_os().nth(1).expect("a file"));
    let address = gtk::glib::filename_to_uri(file, None).expect("an absolute path");
    gtk::init().expect("a display");
    let window = gtk::Window::new(gtk::WindowType::Popup);
    window.set_title("Drag from here");
    window.move_(0, 820);
    window.set_default_size(200, 60);
    let handle = gtk::EventBox::new();
    let kinds = [gtk::TargetEntry::new(
        "text/uri-list",
        gtk::TargetFlags::OTHER_APP,
        0,
    )];
    handle.drag_source_set(ModifierType::BUTTON1_MASK, &kinds, DragAction::COPY);
    handle.connect_drag_data_get(move |_, _, data, _, _| {
        data.set_uris(&[&address]);
    });
    window.add(&handle);
    window.show_all();
    gtk::main();
}
