//! The common part of steps with a text field.

use super::kind::Written;
use crate::learn::context::Context;
use crate::learn::editor::NoteEditor;
use crate::learn::message::Effect;
use crate::learn::model::Tone;

/// Gives the keys to the field, once its note has been read.
pub(super) fn begin(editor: &mut NoteEditor, cx: &mut Context<'_>) {
    if editor.is_awaited() {
        cx.say(Tone::Plain, "Your note is still being read.");
    } else {
        editor.writing = true;
    }
}

/// Asks for the text of the note of this field.
pub(super) fn load(editor: &mut NoteEditor, cx: &mut Context<'_>) {
    editor.expect_text();
    cx.ask(Effect::LoadNote { id: editor.id.clone() });
}

/// Takes typed or pasted text.
pub(super) fn write(editor: &mut NoteEditor, cx: &mut Context<'_>, written: Written<'_>) {
    match written {
        Written::Key(key) => editor.press(key),
        Written::Paste(text) => {
            if !editor.paste(text) {
                cx.say(Tone::Plain, "That is more than the field can hold; its end is left out.");
            }
        }
    }
}

/// Takes the keys back; false if the field had none.
pub(super) fn stop(editor: &mut NoteEditor) -> bool {
    std::mem::take(&mut editor.writing)
}

/// Saves the note of this field if it has changed since.
pub(super) fn save(editor: &mut NoteEditor, cx: &mut Context<'_>) {
    if let Some(effect) = editor.save() {
        cx.ask(effect);
    }
}

/// Called when every note of the step has words in it.
pub(super) fn all_written(cx: &mut Context<'_>) {
    cx.finish();
    cx.say(Tone::Good, "Kept.");
}

/// Called when every note of the step had words in it already when it was read, perhaps from the learner's own editor.
pub(super) fn found_written(cx: &mut Context<'_>) {
    let (key, now) = (cx.model.key(), cx.model.unix_seconds);
    cx.model.progress.finish(&key, now);
}

/// Opens the note of this field in the learner's own editor.
pub(super) fn edit(editor: &mut NoteEditor, cx: &mut Context<'_>) {
    save(editor, cx);
    editor.expect_text();
    cx.ask(Effect::EditNote { id: editor.id.clone() });
}
