import { Button, NumberInput, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { inLanguage, useStudio, useWords } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";
import type { Check } from "../model/round-kind.ts";
import { smallPicture } from "./small-picture.ts";

/** Answers of a point, and its photos as data URLs. */
export interface Given {
  readonly answers: Readonly<Record<string, boolean | number | string>>;
  readonly photos: Readonly<Record<string, string>>;
}

interface FieldProps {
  readonly check: Check;
  readonly given: Given;
  readonly isMissing: boolean;
  readonly isBeyond: boolean;
  readonly onGiven: (given: Given) => void;
}

/** One check, with a target that a finger in a glove hits. */
export function CheckField({ check, given, isMissing, isBeyond, onGiven }: FieldProps): ReactNode {
  const { t, language } = useWords();
  const { id, title, isRequired, unit, low, high } = check;
  const limits = [low === undefined ? undefined : `≥ ${low}`, high === undefined ? undefined : `≤ ${high}`].filter(Boolean).join(", ");
  return (
    <fieldset className={`dw-rounds-check${isBeyond ? " is-beyond" : ""}`}>
      <legend>
        {inLanguage(title, language)}
        {!isRequired && <small> {t("rounds.optional")}</small>}
        {limits !== "" && (
          <small>
            {" "}
            {limits} {unit}
          </small>
        )}
      </legend>
      <Answer check={check} given={given} onGiven={onGiven} />
      {isBeyond && <p className="dw-rounds-beyond">{t("rounds.isBeyond")}</p>}
      {isMissing && (
        <p className="dw-rounds-beyond" role="alert" id={`missing-${id}`}>
          {t("rounds.isMissing")}
        </p>
      )}
    </fieldset>
  );
}

function Answer({ check, given, onGiven }: Pick<FieldProps, "check" | "given" | "onGiven">): ReactNode {
  const { t, language } = useWords();
  const { id, kind, unit, title } = check;
  const value = given.answers[id];
  const set = (next: boolean | number | string | undefined): void => {
    const { [id]: _, ...others } = given.answers;
    onGiven({ ...given, answers: next === undefined || next === "" ? others : { ...others, [id]: next } });
  };
  const label = inLanguage(title, language);
  switch (kind) {
    case "yesNo":
      return (
        <Choice choices={[true, false]} value={value} textOf={(each) => t(each === true ? "rounds.yes" : "rounds.no")} onChosen={set} />
      );
    case "choice":
      return <Choice choices={check.choices ?? []} value={value} textOf={String} onChosen={set} />;
    case "value":
      return (
        <NumberInput
          aria-label={label}
          size="md"
          inputMode="decimal"
          value={typeof value === "number" ? value : ""}
          {...(unit !== undefined && { suffix: ` ${unit}` })}
          onChange={(next) =>
            set(typeof next === "number" ? next : next === "" || !Number.isFinite(Number(next)) ? undefined : Number(next))
          }
        />
      );
    case "note":
      return (
        <TextInput
          aria-label={label}
          size="md"
          maxLength={2_000}
          value={typeof value === "string" ? value : ""}
          onChange={({ currentTarget: { value: text } }) => set(text)}
        />
      );
    case "photo":
      return <Photo id={id} label={label} given={given} onGiven={onGiven} />;
  }
}

function Choice<Value extends boolean | string>({
  choices,
  value,
  textOf,
  onChosen,
}: {
  readonly choices: readonly Value[];
  readonly value: unknown;
  readonly textOf: (value: Value) => string;
  readonly onChosen: (value: Value | undefined) => void;
}): ReactNode {
  return (
    <div className="dw-rounds-choice">
      {choices.map((each) => (
        <Button
          key={String(each)}
          size="md"
          variant={each === value ? "filled" : "default"}
          aria-pressed={each === value}
          onClick={() => onChosen(each === value ? undefined : each)}
        >
          {textOf(each)}
        </Button>
      ))}
    </div>
  );
}

function Photo({
  id,
  label,
  given,
  onGiven,
}: { readonly id: string; readonly label: string } & Pick<FieldProps, "given" | "onGiven">): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const url = given.photos[id];
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    try {
      onGiven({ ...given, photos: { ...given.photos, [id]: await smallPicture(file) } });
    } catch (error) {
      studio.notifyFailure(error, t("rounds.noPicture"));
    }
  };
  return (
    <div className="dw-rounds-photo">
      {url !== undefined && <img src={url} alt={label} />}
      <label>
        <span>{t(url === undefined ? "rounds.takePhoto" : "rounds.anotherPhoto")}</span>
        <input type="file" accept="image/*" capture="environment" onChange={({ currentTarget: { files } }) => void take(files?.[0])} />
      </label>
    </div>
  );
}
