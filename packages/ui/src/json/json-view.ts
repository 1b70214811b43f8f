import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import type { Diagnostic } from "@codemirror/lint";
import { Annotation, Compartment, EditorState } from "@codemirror/state";
import type { Extension } from "@codemirror/state";
import { EditorView, highlightActiveLineGutter, keymap, lineNumbers, placeholder } from "@codemirror/view";
import type { JsonFault } from "./json-fault.ts";
import { jsonLook } from "./json-look.ts";
import { firstBreak, spanOfPath } from "./json-place.ts";

/** What the editor shows and announces, in the language of the reader. */
export interface JsonWords {
  readonly label: string;
  /** How to leave it by keyboard. */
  readonly hint: string;
  readonly placeholder: string | undefined;
  /** Of the place where the text stops being JSON. */
  readonly noJson: string;
  /** Texts of the editor by its English ones. */
  readonly phrases: Readonly<Record<string, string>>;
}

/** A fault at its place: the line counts from 1. */
export interface PlacedFault {
  readonly line: number;
  readonly from: number;
  readonly text: string;
}

export interface JsonViewOptions {
  readonly host: HTMLElement;
  readonly text: string;
  readonly words: JsonWords;
  readonly readOnly: boolean;
  readonly onText: (text: string) => void;
  /** Ctrl or Command with Enter. */
  readonly onSubmit: () => void;
}

export interface JsonView {
  /** Takes the text that is shown elsewhere. One that was reported from here is old by now where someone types on; any other is written over it. */
  write(text: string): void;
  describe(words: JsonWords, readOnly: boolean): void;
  /** Marks where the text stops being JSON, else the faults of what it says; returns them in the order of the text. */
  mark(faults: readonly JsonFault[], mayBeEmpty: boolean): readonly PlacedFault[];
  goTo(position: number): void;
  close(): void;
}

/** Texts reported that are remembered until they come back. */
const MAX_REPORTED = 100;

const fromOutside = Annotation.define<boolean>();

/** Opens the editor in the host's shadow root, where its styles are constructed and need no inline style of the page. */
export function openJsonView({ host, text, words, readOnly, onText, onSubmit }: JsonViewOptions): JsonView {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open", delegatesFocus: true });
  const described = new Compartment();
  let shownWords = words;
  let taken = text;
  /** Texts reported that did not come back yet, the oldest first. */
  const reported: string[] = [];
  const submit = (): boolean => {
    onSubmit();
    return true;
  };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        json(),
        jsonLook,
        lineNumbers(),
        lintGutter(),
        highlightActiveLineGutter(),
        history(),
        bracketMatching(),
        indentOnInput(),
        EditorView.lineWrapping,
        keymap.of([{ key: "Mod-Enter", run: submit }, ...defaultKeymap, ...historyKeymap, ...lintKeymap, indentWithTab]),
        described.of(describedBy(words, readOnly)),
        EditorView.updateListener.of(({ docChanged, transactions, state }) => {
          const isOwn = transactions.every((transaction) => transaction.annotation(fromOutside) !== true);
          if (!docChanged || !isOwn) return;
          const written = state.doc.toString();
          reported.push(written);
          if (reported.length > MAX_REPORTED) reported.shift();
          onText(written);
        }),
      ],
    }),
  });
  return {
    write(next) {
      if (next === taken) return;
      taken = next;
      const own = reported.lastIndexOf(next);
      reported.splice(0, own < 0 ? reported.length : own + 1);
      if (own >= 0 || next === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next }, annotations: fromOutside.of(true) });
    },
    describe(next, isReadOnly) {
      shownWords = next;
      view.dispatch({ effects: described.reconfigure(describedBy(next, isReadOnly)) });
    },
    mark(faults, mayBeEmpty) {
      const found = diagnosticsOf(view.state, faults, shownWords.noJson, mayBeEmpty);
      view.dispatch(setDiagnostics(view.state, [...found]));
      return found.map(({ from, message }) => ({ from, line: view.state.doc.lineAt(from).number, text: message }));
    },
    goTo(position) {
      view.dispatch({ selection: { anchor: Math.min(position, view.state.doc.length) }, scrollIntoView: true });
      view.focus();
    },
    close: () => view.destroy(),
  };
}

function describedBy({ label, hint, placeholder: example, phrases }: JsonWords, readOnly: boolean): Extension {
  return [
    EditorView.contentAttributes.of({ "aria-label": label, ...(!readOnly && { "aria-description": hint }) }),
    EditorState.phrases.of(phrases),
    EditorState.readOnly.of(readOnly),
    example === undefined ? [] : placeholder(example),
  ];
}

function diagnosticsOf(state: EditorState, faults: readonly JsonFault[], noJson: string, mayBeEmpty: boolean): readonly Diagnostic[] {
  if (mayBeEmpty && state.doc.toString().trim() === "") return [];
  const broken = firstBreak(state);
  if (broken !== undefined) return [{ ...broken, severity: "error", message: noJson }];
  return faults
    .map(({ path, text }): Diagnostic => ({ ...spanOfPath(state, path), severity: "error", message: text }))
    .toSorted((a, b) => a.from - b.from);
}
