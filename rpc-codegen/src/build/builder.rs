//! What the stage knows while it works: the types so far and those still to be looked into.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::ir::{Constraints, Direction, Shape, Type, TypeDef, TypeId};
use crate::load::{Checker, Cursor, Discriminator, Document, SchemaView};

use super::schema::{Form, Merge, Together};
use super::schema_text;

/// The state of the stage.
pub(super) struct Builder<'a, 'd> {
    pub(super) document: &'a Document,
    pub(super) diagnostics: &'d mut Diagnostics,
    pub(super) checker: Checker<'a>,
    pub(super) defs: Vec<Def<'a>>,
    /// Types by the value that they come from. Only looked up, never walked: the order is not stable.
    ids: HashMap<Cursor<'a>, TypeId>,
    /// Types of several schemas, as `ids`.
    joined: HashMap<(Together, Vec<Cursor<'a>>), TypeId>,
    queue: VecDeque<Task<'a>>,
    /// Merges wait until the types that they compare are known.
    merges: VecDeque<Task<'a>>,
    /// How many inline schemas are being read inside each other.
    pub(super) depth: usize,
    pub(super) nullable: HashMap<Cursor<'a>, bool>,
    pub(super) unions: Vec<PendingUnion<'a>>,
    pub(super) defaults: Vec<PendingDefault<'a>>,
    /// Why the operation at hand cannot be generated.
    pub(super) refusal: Option<String>,
    /// For walks over types, of which there are as many as unions.
    pub(super) marks: RefCell<Marks>,
}

/// Which types a walk has been to, for walks one after the other: a new set each time would cost more than the walk.
#[derive(Default)]
pub(super) struct Marks {
    walk: u64,
    seen_in: Vec<u64>,
}

impl Marks {
    /// Begins a walk: no type has been seen.
    pub(super) fn start(&mut self, types: usize) {
        self.walk += 1;
        self.seen_in.resize(types.max(self.seen_in.len()), 0);
    }

    /// Whether this is the walk's first time at a type.
    pub(super) fn is_first(&mut self, id: TypeId) -> bool {
        let walk = self.walk;
        self.seen_in.get_mut(id.0).is_some_and(|seen_in| std::mem::replace(seen_in, walk) != walk)
    }
}

/// A type and the value that it comes from.
pub(super) struct Def<'a> {
    pub(super) def: TypeDef,
    pub(super) cursor: Cursor<'a>,
    /// The schemas of an object that has no place of its own.
    pub(super) joined: Option<Merge<'a>>,
    /// Whether its content is still to be made.
    pending: bool,
}

/// A type whose content is still to be made.
pub(super) struct Task<'a> {
    pub(super) id: TypeId,
    pub(super) schema: SchemaView<'a>,
    pub(super) form: Option<Form<'a>>,
}

/// A union whose variants are known, but not yet how they are told apart.
pub(super) struct PendingUnion<'a> {
    pub(super) id: TypeId,
    pub(super) discriminator: Option<Discriminator<'a>>,
    /// The schema behind each variant.
    pub(super) branches: Vec<SchemaView<'a>>,
}

/// A default of a field, to be read when all types are known.
pub(super) struct PendingDefault<'a> {
    pub(super) id: TypeId,
    pub(super) wire: String,
    pub(super) value: Cursor<'a>,
}

impl<'a, 'd> Builder<'a, 'd> {
    pub(super) fn new(document: &'a Document, diagnostics: &'d mut Diagnostics) -> Self {
        Self {
            document,
            diagnostics,
            checker: Checker::new(),
            defs: Vec::new(),
            ids: HashMap::new(),
            joined: HashMap::new(),
            queue: VecDeque::new(),
            merges: VecDeque::new(),
            depth: 0,
            nullable: HashMap::new(),
            unions: Vec::new(),
            defaults: Vec::new(),
            refusal: None,
            marks: RefCell::default(),
        }
    }

    pub(super) fn report(&mut self, at: &Cursor<'a>, rule: Rule, message: impl Into<String>) {
        self.diagnostics.push(at.diagnostic(rule, message));
    }

    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// The named type of a schema. It has an id from the first time on, so that cycles end; its content comes later.
    pub(super) fn define(&mut self, schema: &SchemaView<'a>, name: &str, form: Option<Form<'a>>) -> TypeId {
        let cursor = schema.cursor();
        if let Some(id) = self.ids.get(cursor) {
            return *id;
        }
        let id = TypeId(self.defs.len());
        self.ids.insert(cursor.clone(), id);
        let (key, text) =
            (schema_text::key(self.document, cursor), schema_text::compact(self.document, cursor));
        self.push_def(schema, name, key, text);
        self.enqueue(Task { id, schema: schema.clone(), form });
        id
    }

    /// The type of several schemas at once, which has no place of its own in the document.
    pub(super) fn join(
        &mut self,
        schemas: &[SchemaView<'a>],
        together: Together,
        name: &str,
        form: Form<'a>,
    ) -> Type {
        let cursors: Vec<Cursor<'a>> = schemas.iter().map(|schema| schema.cursor().clone()).collect();
        let Some(last) = schemas.last() else { return Type::Any };
        if let Some(id) = self.joined.get(&(together, cursors.clone())) {
            return Type::Named(*id);
        }
        let id = TypeId(self.defs.len());
        let keys: Vec<String> = cursors.iter().map(|at| schema_text::key(self.document, at)).collect();
        let texts: Vec<String> = cursors.iter().map(|at| schema_text::compact(self.document, at)).collect();
        let (sign, keyword) = match together {
            Together::All => ("&", "allOf"),
            Together::Either => ("|", "anyOf"),
        };
        self.joined.insert((together, cursors), id);
        let text = format!("{{\"{keyword}\":[{}]}}", texts.join(","));
        self.push_def(last, name, format!("{}{sign}", keys.join(sign)), text);
        if let (Form::Merge(merge), Some(def)) = (&form, self.defs.get_mut(id.0)) {
            def.joined = Some(merge.clone());
        }
        self.enqueue(Task { id, schema: last.clone(), form: Some(form) });
        Type::Named(id)
    }

    fn push_def(&mut self, schema: &SchemaView<'a>, name: &str, key: String, text_: String) {
        let def = TypeDef {
            name: name.to_owned(),
            key,
            origin: schema.cursor().key_location(),
            doc: text(schema.description()),
            deprecated: schema.deprecated(),
            shape: Shape::Alias(Type::Any, Constraints::default()),
            direction: Direction::default(),
            eq: false,
            copy: false,
            default: false,
            patch: false,
            input_of: None,
            without: Vec::new(),
            schema: text_,
        };
        self.defs.push(Def { def, cursor: schema.cursor().clone(), joined: None, pending: true });
    }

    fn enqueue(&mut self, task: Task<'a>) {
        match task.form {
            Some(Form::Merge(_)) => self.merges.push_back(task),
            _ => self.queue.push_back(task),
        }
    }

    /// Makes the content of all types that can be made without comparing others.
    pub(super) fn settle(&mut self) {
        while let Some(mut task) = self.queue.pop_front() {
            let form = self.task_form(&mut task);
            if matches!(form, Form::Merge(_)) {
                self.merges.push_back(Task { form: Some(form), ..task });
            } else {
                self.fill(task.id, &task.schema, form);
            }
        }
    }

    /// Makes the content of all types.
    pub(super) fn settle_all(&mut self) {
        loop {
            self.settle();
            let Some(mut task) = self.merges.pop_front() else { return };
            let form = self.task_form(&mut task);
            self.fill(task.id, &task.schema, form);
        }
    }

    fn task_form(&mut self, task: &mut Task<'a>) -> Form<'a> {
        let name = self.name_of(task.id);
        task.form.take().unwrap_or_else(|| self.final_form(&mut task.schema, &name))
    }

    fn fill(&mut self, id: TypeId, schema: &SchemaView<'a>, form: Form<'a>) {
        let depth = std::mem::take(&mut self.depth);
        let shape = self.shape(id, schema, form);
        self.depth = depth;
        if let Some(def) = self.defs.get_mut(id.0) {
            def.def.shape = shape;
            def.pending = false;
        }
    }

    pub(super) fn name_of(&self, id: TypeId) -> String {
        self.def(id).map(|def| def.name.clone()).unwrap_or_default()
    }

    pub(super) fn def(&self, id: TypeId) -> Option<&TypeDef> {
        self.defs.get(id.0).map(|def| &def.def)
    }

    pub(super) fn def_mut(&mut self, id: TypeId) -> Option<&mut TypeDef> {
        self.defs.get_mut(id.0).map(|def| &mut def.def)
    }

    /// The type behind aliases, null taken off; a cycle of aliases gives itself, and so does what is still to be made.
    pub(super) fn behind<'t>(&'t self, ty: &'t Type) -> &'t Type {
        let mut at = ty;
        for _ in 0..64 {
            at = match at {
                Type::Nullable(inner) => inner,
                Type::Named(id) => {
                    match self.defs.get(id.0).filter(|def| !def.pending).map(|def| &def.def.shape) {
                        Some(Shape::Alias(inner, _)) => inner,
                        _ => return at,
                    }
                }
                _ => return at,
            };
        }
        at
    }

    /// The shape of the named type behind aliases, if there is one.
    pub(super) fn shape_behind(&self, ty: &Type) -> Option<&Shape> {
        match self.behind(ty) {
            Type::Named(id) => self.def(*id).map(|def| &def.shape),
            _ => None,
        }
    }
}

/// A description, unless it is empty.
pub(super) fn text(text: Option<&str>) -> Option<String> {
    text.map(str::trim_end).filter(|text| !text.trim().is_empty()).map(str::to_owned)
}
