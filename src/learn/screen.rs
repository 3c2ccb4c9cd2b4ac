//! What the screen of each kind of step remembers while it is shown.

use judge::source::SourceError;

use crate::course::{Body, Interview};
use crate::coursework::solution;
use crate::progress::step_key;
use crate::text::comparison::Row;
use crate::typing::{Fading, Retyping};

use super::editor::NoteEditor;
use super::message::Effect;
use super::model::Model;

/// The state of the current step's screen, by its kind.
#[derive(Debug)]
pub enum Screen {
    /// A page to read, or an exercise.
    Page {
        /// Whether the hints stand above the verdict: they were asked for last.
        hints_first: bool,
    },
    /// A question with choices.
    Predict {
        /// The chosen line.
        selected: usize,
        /// The answer that was given, now or in an earlier sitting.
        answered: Option<usize>,
    },
    /// The worked example, typed again.
    Retype(Box<RetypeScreen>),
    /// A bug to choose or to find.
    Debug {
        /// The chosen line of the catalogue; the last one is "surprise me".
        selected: usize,
        /// Whether the catalogue is shown although a bug is planted.
        choosing: bool,
        /// Whether a way to complete the assertion is shown.
        proof: bool,
    },
    /// The learner's files beside the solutions.
    Compare(Box<CompareScreen>),
    /// Interview questions.
    Interview(Box<InterviewScreen>),
    /// Notes to write.
    Reflect {
        /// One field a prompt.
        editors: Vec<NoteEditor>,
        /// The one that is shown.
        current: usize,
    },
}

/// The worked example, typed again.
#[derive(Debug)]
pub struct RetypeScreen {
    /// The text and where the learner is in it.
    pub typing: Retyping,
    /// Whether the keys go into it.
    pub active: bool,
    /// How much of it is hidden.
    pub fading: Fading,
    /// Whether the same in another language is shown instead.
    pub beside: bool,
    /// Whether the last paste is to be commented on.
    pub pasted: bool,
}

/// The learner's files beside the solutions.
#[derive(Debug)]
pub struct CompareScreen {
    /// The exercise that is shown, as its place in the step's list.
    pub current: usize,
    /// The learner's text beside the solution, or why not.
    pub rows: Option<Result<Vec<Row>, SourceError>>,
    /// The refactor to keep.
    pub editor: NoteEditor,
}

/// Interview questions.
#[derive(Debug)]
pub struct InterviewScreen {
    /// The questions in the order in which they are asked: those that are due again, then all others.
    pub order: Vec<usize>,
    /// The question that is shown, as its place in that order.
    pub current: usize,
    /// The answer.
    pub editor: NoteEditor,
    /// Whether the model answer is shown.
    pub revealed: bool,
}

impl Screen {
    /// The text field of this screen.
    pub fn editor(&self) -> Option<&NoteEditor> {
        match self {
            Self::Compare(screen) => Some(&screen.editor),
            Self::Interview(screen) => Some(&screen.editor),
            Self::Reflect { editors, current } => editors.get(*current),
            _ => None,
        }
    }

    /// The text field of this screen.
    pub fn editor_mut(&mut self) -> Option<&mut NoteEditor> {
        match self {
            Self::Compare(screen) => Some(&mut screen.editor),
            Self::Interview(screen) => Some(&mut screen.editor),
            Self::Reflect { editors, current } => editors.get_mut(*current),
            _ => None,
        }
    }

    /// Whether keys go into a text at the moment.
    pub fn takes_text(&self) -> bool {
        match self {
            Self::Retype(screen) => screen.active,
            other => other.editor().is_some_and(|editor| editor.writing),
        }
    }
}

/// The screen of the current step as it is when one comes to it.
pub fn enter(model: &Model) -> (Screen, Vec<Effect>) {
    let load = |id: &str| Effect::LoadNote { id: id.to_owned() };
    match &model.step().body {
        Body::Read | Body::Exercise(_) | Body::Project(_) | Body::Recall(_) => {
            (Screen::Page { hints_first: false }, Vec::new())
        }
        Body::Predict(predict) => {
            let kept = model.progress.predictions.get(&model.key()).copied();
            // A lesson may lose a choice; its question is asked again.
            let answered = kept.filter(|choice| *choice < predict.choices.len());
            (Screen::Predict { selected: answered.unwrap_or(0), answered }, Vec::new())
        }
        Body::Retype(retype) => {
            let saved = model.progress.typing.get(&model.key());
            let typing =
                saved.map_or_else(|| Retyping::new(&retype.chunks), |saved| Retyping::resume(&retype.chunks, saved));
            // Only there does the terminal not mark a paste.
            let typing = if cfg!(windows) { typing.with_paste_guard() } else { typing };
            let screen = RetypeScreen { typing, active: false, fading: Fading::None, beside: false, pasted: false };
            (Screen::Retype(Box::new(screen)), Vec::new())
        }
        Body::Debug(_) => (Screen::Debug { selected: 0, choosing: false, proof: false }, Vec::new()),
        Body::Compare(compare) => {
            let editor = NoteEditor::new(&compare.note, &compare.prompt, "One change, and why.");
            let mut effects = vec![load(&compare.note)];
            effects.extend(compare_effect(model, 0));
            (Screen::Compare(Box::new(CompareScreen { current: 0, rows: None, editor })), effects)
        }
        Body::Interview(interview) => {
            let order = order(model, interview);
            (Screen::Interview(Box::new(interview_screen(model, interview, order, 0))), Vec::new())
        }
        Body::Reflect(reflect) => {
            let editors: Vec<_> = reflect
                .prompts
                .iter()
                .map(|prompt| NoteEditor::new(&prompt.id, &prompt.question, &prompt.placeholder))
                .collect();
            let effects = reflect.prompts.iter().map(|prompt| load(&prompt.id)).collect();
            (Screen::Reflect { editors, current: 0 }, effects)
        }
    }
}

/// Reads the texts of the exercise at this place of a compare step, if the learner may see the solution.
pub fn compare_effect(model: &Model, current: usize) -> Option<Effect> {
    let Body::Compare(compare) = &model.step().body else { return None };
    let exercise = compare.exercises.get(current)?;
    solution::is_open(&model.progress.exercise(exercise)).then(|| Effect::Compare { exercise: exercise.clone() })
}

/// What was answered weakly in an earlier sitting comes first.
fn order(model: &Model, interview: &Interview) -> Vec<usize> {
    let lesson = &model.lesson().id;
    let is_due = |index: &usize| model.progress.is_due(lesson, &interview.questions[*index].id);
    let (mut due, others): (Vec<_>, Vec<_>) = (0..interview.questions.len()).partition(is_due);
    due.extend(others);
    due
}

/// The interview at the question in this place of its order. One that is due again is answered from nothing.
pub fn interview_screen(model: &Model, interview: &Interview, order: Vec<usize>, current: usize) -> InterviewScreen {
    let question = &interview.questions[order[current]];
    let mut editor =
        NoteEditor::new(&question.id, &question.question, "Answer as you would aloud, in a few sentences.");
    let lesson = &model.lesson().id;
    let answer = model.progress.interview.get(&step_key(lesson, &question.id));
    let answer = answer.filter(|_| !model.progress.is_due(lesson, &question.id));
    if let Some(answer) = answer {
        editor.set_text(&answer.text);
    }
    let revealed = answer.is_some_and(|answer| answer.rating.is_some());
    InterviewScreen { order, current, editor, revealed }
}
