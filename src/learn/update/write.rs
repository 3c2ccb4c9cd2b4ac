//! Typing the worked example, and writing notes and answers.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use judge::source::SourceError;

use crate::course::Body;
use crate::coursework::solution::{self, Texts};
use crate::progress::{Note, SITTING_GAP, SelfRating, step_key};
use crate::text::comparison;
use crate::typing::{Fading, Key, Outcome, Retyping};

use super::super::message::Effect;
use super::super::model::{Focus, Model, Tone};
use super::super::screen::{Screen, compare_effect, interview_screen};
use super::super::view::layout;

/// Keys between two saves of the typing position: a crash costs a line or two.
const SAVE_EVERY: usize = 40;

pub(super) fn start(model: &mut Model) -> Vec<Effect> {
    model.focus = Focus::Step;
    match &mut model.screen {
        Screen::Retype(screen) => screen.active = true,
        screen => {
            if let Some(editor) = screen.editor_mut() {
                editor.writing = true;
            }
        }
    }
    Vec::new()
}

pub(super) fn stop(model: &mut Model) -> Vec<Effect> {
    if let Screen::Retype(screen) = &mut model.screen {
        if !std::mem::take(&mut screen.active) {
            return Vec::new();
        }
        return vec![keep_typing(model)];
    }
    let Some(editor) = model.screen.editor_mut().filter(|editor| editor.writing) else { return Vec::new() };
    editor.writing = false;
    if matches!(model.screen, Screen::Interview(_)) {
        return keep_answer(model);
    }
    let mut effects: Vec<_> =
        model.screen.editor_mut().and_then(super::super::editor::NoteEditor::save).into_iter().collect();
    if notes_are_written(model) {
        effects.push(model.finish());
        model.say(Tone::Good, "Kept.");
    }
    effects
}

/// Whether every note of this step has words in it.
fn notes_are_written(model: &Model) -> bool {
    match &model.screen {
        Screen::Compare(screen) => !screen.editor.is_blank(),
        Screen::Reflect { editors, .. } => editors.iter().all(|editor| !editor.is_blank()),
        _ => false,
    }
}

pub(super) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    match &mut model.screen {
        Screen::Retype(screen) if screen.active => {
            screen.typing.paste();
            screen.pasted = true;
            model.say(Tone::Plain, "A paste inserts nothing here: the point is to type it.");
        }
        screen => {
            let editor = screen.editor_mut().filter(|editor| editor.writing);
            if !editor.is_none_or(|editor| editor.paste(text)) {
                model.say(Tone::Plain, "That is more than the field can hold; its end is left out.");
            }
        }
    }
    Vec::new()
}

pub(super) fn type_key(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let now_ms = model.now_ms;
    let Some(key) = typing_key(key) else { return Vec::new() };
    let Screen::Retype(screen) = &mut model.screen else { return Vec::new() };
    // Whoever types looks at what is typed.
    (screen.pasted, screen.beside) = (false, false);
    let outcome = screen.typing.press(key, now_ms);
    let keys = screen.typing.keys().0;
    match outcome {
        Outcome::AllDone => typed(model),
        Outcome::PasteRefused => {
            model.say(Tone::Plain, "That came too fast to be typed, so it was taken for a paste and not inserted.");
            Vec::new()
        }
        Outcome::ChunkDone => vec![keep_typing(model)],
        Outcome::Right | Outcome::LineDone if keys.is_multiple_of(SAVE_EVERY) => vec![keep_typing(model)],
        _ => Vec::new(),
    }
}

fn typing_key(key: KeyEvent) -> Option<Key> {
    if key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) {
        return None;
    }
    match key.code {
        KeyCode::Char(character) => Some(Key::Char(character)),
        KeyCode::Enter => Some(Key::Enter),
        KeyCode::Backspace => Some(Key::Backspace),
        _ => None,
    }
}

fn typed(model: &mut Model) -> Vec<Effect> {
    let Screen::Retype(screen) = &mut model.screen else { return Vec::new() };
    screen.active = false;
    let text = screen.typing.text();
    let first_pass = screen.fading == Fading::None;
    let mut effects = vec![keep_typing(model), model.finish()];
    let exercise = model.step().body.exercise().map(str::to_owned);
    match exercise.filter(|_| first_pass) {
        Some(exercise) => {
            model.say(Tone::Good, "Typed.");
            // Before the progress: a step that is done on the disk has its file there.
            effects.insert(0, Effect::WriteExercise { exercise, text });
        }
        None => model.say(Tone::Good, "Typed. Press n to go on, or f to type it again with less shown."),
    }
    effects
}

/// What was typed is in the file, where the next steps find it.
pub(super) fn written(model: &mut Model, exercise: &str) {
    if matches!(&model.step().body, Body::Retype(retype) if retype.exercise.as_deref() == Some(exercise)) {
        model.say(Tone::Good, format!("Typed. It is in exercises/src/{exercise}.rs now. Press n to go on."));
    }
}

fn keep_typing(model: &mut Model) -> Effect {
    let key = model.key();
    if let Screen::Retype(screen) = &model.screen
        && screen.fading == Fading::None
    {
        model.progress.typing.insert(key, screen.typing.saved().clone());
    }
    model.save()
}

pub(super) fn beside(model: &mut Model) -> Vec<Effect> {
    if let Screen::Retype(screen) = &mut model.screen {
        screen.beside = !screen.beside;
        model.scroll = 0;
    }
    Vec::new()
}

/// Each pass shows less: first all, then every other word, then the labels alone.
pub(super) fn fade(model: &mut Model) -> Vec<Effect> {
    let Body::Retype(retype) = &model.step().body else { return Vec::new() };
    let typing = Retyping::new(&retype.chunks);
    let Screen::Retype(screen) = &mut model.screen else { return Vec::new() };
    screen.fading = match screen.fading {
        Fading::None => Fading::Words,
        Fading::Words | Fading::All => Fading::All,
    };
    screen.typing = typing;
    screen.active = true;
    model.say(Tone::Plain, "After a wrong key, what was hidden at the cursor is shown.");
    Vec::new()
}

pub(super) fn note_loaded(model: &mut Model, id: &str, note: Option<Note>) {
    let Some(note) = note else { return };
    let editors: Vec<_> = match &mut model.screen {
        Screen::Compare(screen) => vec![&mut screen.editor],
        Screen::Reflect { editors, .. } => editors.iter_mut().collect(),
        _ => return,
    };
    for editor in editors.into_iter().filter(|editor| editor.id == id) {
        editor.set_text(&note.text);
    }
    // The note may have been written in the learner's own editor.
    if notes_are_written(model) {
        let (key, now) = (model.key(), model.unix_seconds);
        model.progress.finish(&key, now);
    }
}

pub(super) fn comparison(model: &mut Model, exercise: &str, result: Result<Texts, SourceError>) {
    let Body::Compare(compare) = &model.step().body else { return };
    let shown = compare.exercises.iter().position(|id| id == exercise);
    if let Screen::Compare(screen) = &mut model.screen
        && shown == Some(screen.current)
    {
        screen.rows = Some(result.map(|texts| comparison::compare(&texts.learner, &texts.solution)));
    }
}

pub(super) fn open_solution(model: &mut Model) -> Vec<Effect> {
    let Body::Compare(compare) = &model.step().body else { return Vec::new() };
    let Screen::Compare(screen) = &model.screen else { return Vec::new() };
    let (exercise, current) = (compare.exercises[screen.current].clone(), screen.current);
    solution::open(&mut model.progress, &exercise, model.unix_seconds);
    model.scroll = layout::item_scroll(model);
    let mut effects = vec![model.save()];
    effects.extend(compare_effect(model, current));
    effects
}

pub(super) fn next_item(model: &mut Model) -> Vec<Effect> {
    model.scroll = 0;
    match &model.step().body {
        Body::Compare(compare) => {
            let count = compare.exercises.len();
            let Screen::Compare(screen) = &mut model.screen else { return Vec::new() };
            screen.current = (screen.current + 1) % count;
            screen.rows = None;
            let current = screen.current;
            // The task has been read, and the texts will follow.
            model.scroll = layout::item_scroll(model);
            compare_effect(model, current).into_iter().collect()
        }
        Body::Interview(interview) => {
            let Screen::Interview(screen) = &model.screen else { return Vec::new() };
            let next = (screen.current + 1) % screen.order.len();
            let screen = interview_screen(model, interview, screen.order.clone(), next);
            model.screen = Screen::Interview(Box::new(screen));
            Vec::new()
        }
        Body::Reflect(_) => {
            if let Screen::Reflect { editors, current } = &mut model.screen {
                *current = (*current + 1) % editors.len();
            }
            Vec::new()
        }
        _ => Vec::new(),
    }
}

fn keep_answer(model: &mut Model) -> Vec<Effect> {
    let Screen::Interview(screen) = &model.screen else { return Vec::new() };
    let (question, text, blank) = (screen.editor.id.clone(), screen.editor.text(), screen.editor.is_blank());
    if blank {
        return Vec::new();
    }
    let lesson = model.lesson().id.clone();
    let kept = model.progress.interview.get(&step_key(&lesson, &question));
    // Who answers anew in the same words has answered anew.
    if kept.is_some_and(|answer| answer.text == text) && !model.progress.is_due(&lesson, &question) {
        return Vec::new();
    }
    model.progress.answered(&lesson, &question, &text, model.unix_seconds);
    vec![model.save()]
}

pub(super) fn reveal(model: &mut Model) -> Vec<Effect> {
    let Screen::Interview(screen) = &mut model.screen else { return Vec::new() };
    if screen.editor.is_blank() {
        model.say(Tone::Plain, "Write your own answer first: Enter. Even three words help you remember.");
        return Vec::new();
    }
    screen.revealed = true;
    model.scroll = 0;
    Vec::new()
}

pub(super) fn rate(model: &mut Model, rating: SelfRating) -> Vec<Effect> {
    let Body::Interview(interview) = &model.step().body else { return Vec::new() };
    let questions: Vec<_> = interview.questions.iter().map(|question| question.id.clone()).collect();
    let Screen::Interview(screen) = &model.screen else { return Vec::new() };
    let (question, lesson) = (screen.editor.id.clone(), model.lesson().id.clone());
    model.progress.rated(&lesson, &question, rating);
    let rated = |id: &String| {
        let answer = model.progress.interview.get(&step_key(&lesson, id));
        answer.is_some_and(|answer| answer.rating.is_some()) && !model.progress.is_due(&lesson, id)
    };
    if questions.iter().all(rated) {
        model.say(Tone::Good, "All questions are answered and rated. Press n to go on.");
        return vec![model.finish()];
    }
    let effect = model.save();
    let again = if rating.is_weak() {
        format!("Rated: asked again after a break of {} hours.", SITTING_GAP / 3600)
    } else {
        "Rated.".to_owned()
    };
    model.say(Tone::Good, format!("{again} Here is the next question."));
    let mut effects = next_item(model);
    effects.push(effect);
    effects
}

pub(super) fn edit(model: &mut Model) -> Vec<Effect> {
    let Some(editor) = model.screen.editor_mut() else { return Vec::new() };
    let id = editor.id.clone();
    let mut effects: Vec<_> = editor.save().into_iter().collect();
    effects.push(Effect::EditNote { id });
    effects
}
