// The editor of code cells: CodeMirror 6, bundled once for the site. Its colours are the page's own.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.bool, tags.null], color: "var(--gvc-purple)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--gvc-brick)" },
  { tag: [tags.number], color: "var(--gvc-link)" },
  { tag: [tags.comment], color: "var(--gvc-muted)", fontStyle: "italic" },
]);

window.gvcEditor = ({ parent, text, label, described, changed, run }) => new EditorView({
  parent,
  state: EditorState.create({
    doc: text,
    extensions: [
      Prec.highest(keymap.of([{ key: "Shift-Enter", run: () => { run(); return true; } }, { key: "Mod-Enter", run: () => { run(); return true; } }])),
      history(),
      python(),
      indentUnit.of("    "),
      indentOnInput(),
      bracketMatching(),
      syntaxHighlighting(colours),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": described, spellcheck: "false", autocapitalize: "off", autocorrect: "off" }),
      EditorView.updateListener.of((update) => { if (update.docChanged) changed(update.state.doc.toString()); }),
      keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
    ],
  }),
});
