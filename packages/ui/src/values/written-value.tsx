import { NumberInput, Select, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { WrittenValue } from "@doppelwerk/client";
import { useWords } from "../session/context.tsx";
import { unitText, withUnit } from "./number.ts";
import type { Translate } from "../language/catalogues.ts";

/** What a person types as a value of a type; undefined = not a value of it (yet). */
export function valueOfText(text: string, valueType: string): WrittenValue | undefined {
  const clean = text.trim();
  if (clean === "") return undefined;
  if (valueType === "boolean") return clean === "true" ? true : clean === "false" ? false : undefined;
  if (valueType === "string") return text;
  // a decimal comma is what most keyboards of the plant's world give; a group of thousands is never guessed
  const number = /^[+-]?\d+([.,]\d+)?(e[+-]?\d+)?$/i.test(clean) ? Number(clean.replace(",", ".")) : Number.NaN;
  if (!Number.isFinite(number)) return valueType === "enumeration" ? clean : undefined;
  return valueType === "double" || Number.isSafeInteger(number) ? number : undefined;
}

/** A value as a person reads it, with its unit. */
export function writtenText(value: WrittenValue | undefined, unit: string | undefined, t: Translate): string {
  if (value === undefined) return "–";
  if (typeof value === "boolean") return t(value ? "commands.on" : "commands.off");
  // exactly what was written: nothing is rounded, nothing added
  return withUnit(String(value), unit);
}

/** The one field for a value: a choice of two, a number with its unit, or a text. */
export function ValueField({
  label,
  valueType,
  unit,
  text,
  onText,
  error,
}: {
  readonly label: string;
  readonly valueType: string;
  readonly unit?: string | undefined;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly error?: string | undefined;
}): ReactNode {
  const { t } = useWords();
  if (valueType === "boolean")
    return (
      <Select
        size="sm"
        label={label}
        data={[
          { value: "true", label: t("commands.on") },
          { value: "false", label: t("commands.off") },
        ]}
        value={text === "" ? null : text}
        onChange={(chosen) => onText(chosen ?? "")}
        error={error}
      />
    );
  if (valueType === "string" || valueType === "enumeration")
    return <TextInput size="sm" label={label} value={text} onChange={(event) => onText(event.currentTarget.value)} error={error} />;
  return (
    <NumberInput
      size="sm"
      label={label}
      value={text}
      onChange={(value) => onText(String(value))}
      decimalSeparator="."
      allowedDecimalSeparators={[",", "."]}
      allowDecimal={valueType === "double"}
      hideControls
      inputMode="decimal"
      rightSection={unit === undefined ? undefined : <span className="dw-field-unit">{unitText(unit)}</span>}
      rightSectionWidth={unit === undefined ? undefined : 52}
      error={error}
    />
  );
}
