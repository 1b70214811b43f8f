import { Combobox, Textarea, useCombobox } from "@mantine/core";
import { checkedExpression } from "@doppelwerk/operations";
import { useRef, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import { messageText, useStudio, useWords } from "@doppelwerk/kit/studio";
import { expressionFaultText } from "../../model/expression-faults.ts";
import { insertedSignal, signalsThatFit, wordBefore } from "./complete-expression.ts";
import { useNaming } from "./use-naming.ts";

interface ExpressionFieldProps {
  readonly label: string;
  readonly value: string;
  readonly of: "number" | "truth";
  readonly onChange: (value: string) => void;
  /** It is needed and was sent without. */
  readonly isMissing?: boolean;
  readonly hint?: string;
}

/** An expression: what is wrong with it, and where, is shown while it is written; a word that fits a signal offers it. */
export function ExpressionField({ label, value, of, onChange, isMissing = false, hint }: ExpressionFieldProps): ReactNode {
  const { t } = useWords();
  const { combobox, field, offered, follow, insert } = useCompletion(value, onChange);
  const { fault } = checkedExpression(value, of);
  const error =
    value.trim() === "" ? (isMissing ? t("alarms.rule.needed") : undefined) : fault && messageText("", expressionFaultText(fault));
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !combobox.dropdownOpened) return;
    event.stopPropagation();
    combobox.closeDropdown();
  };
  return (
    <Combobox store={combobox} onOptionSubmit={insert} position="bottom-start">
      <Combobox.EventsTarget>
        <Textarea
          ref={field}
          size="sm"
          label={label}
          description={hint}
          value={value}
          rows={2}
          maxLength={2_000}
          spellCheck={false}
          classNames={{ input: "dw-expression" }}
          error={error}
          onKeyDownCapture={onKeyDown}
          onBlur={() => combobox.closeDropdown()}
          onChange={(event) => {
            onChange(event.currentTarget.value);
            follow(event.currentTarget.value, event.currentTarget.selectionStart);
          }}
        />
      </Combobox.EventsTarget>
      <Combobox.Dropdown hidden={offered.length === 0}>
        <Combobox.Options aria-label={t("alarms.rule.insert")}>
          {offered.map(({ id, name }) => (
            <Combobox.Option key={id} value={id}>
              {name}
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

/** Signals for the word that is being typed. */
function useCompletion(value: string, onChange: (value: string) => void) {
  const naming = useNaming();
  const combobox = useCombobox();
  const field = useRef<HTMLTextAreaElement>(null);
  const [word, setWord] = useState({ text: "", from: 0 });
  const signals = useStudio()
    .signals.entries()
    .filter(({ role }) => role !== "Alarm")
    .map(({ id }) => ({ id, name: naming.signal(id) }));
  return {
    combobox,
    field,
    offered: signalsThatFit(word.text, signals),
    follow(text: string, caret: number): void {
      const found = wordBefore(text, caret);
      setWord(found);
      if (signalsThatFit(found.text, signals).length > 0) combobox.openDropdown();
      else combobox.closeDropdown();
    },
    insert(id: string): void {
      const { text, caret } = insertedSignal(value, word, id);
      onChange(text);
      setWord({ text: "", from: 0 });
      combobox.closeDropdown();
      requestAnimationFrame(() => {
        field.current?.focus();
        field.current?.setSelectionRange(caret, caret);
      });
    },
  };
}
