import { NumberInput } from "@mantine/core";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import type { Factor } from "@doppelwerk/client";
import { inLanguage, unitText, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { useFactorEdit } from "./use-factor-edit.ts";

interface FactorLineProps {
  readonly branch: string;
  readonly factor: Factor;
  /** The value on the branch, edits of everyone in the room included. */
  readonly shown: number;
  /** Whether its document has arrived. */
  readonly isLoaded: boolean;
}

/** One factor: its value live and on the branch, who else edits it, and what is to be known of the value. */
export function FactorLine({ branch, factor, shown, isLoaded }: FactorLineProps): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const people = useStore(studio.people);
  const state = useStore(studio.state);
  const label = `${factor.station ?? ""} ${inLanguage(factor.label, language)}`.trim();
  const [text, setText] = useState<number | string>(shown);
  useEffect(() => setText(shown), [shown]);
  const edit = useFactorEdit(branch, factor, label);
  const self = state.kind === "online" ? state.self.id : "";
  const editor = people.find((person) => person.id !== self && person.presence.editing === factor.element);
  const write = (): void => {
    const value = Number(text);
    if (text === "" || !Number.isFinite(value) || value === shown) setText(shown);
    else edit(shown, value, () => setText(shown));
  };
  const changed = shown !== factor.live;
  return (
    <div className={`dw-factor ${changed ? "is-changed" : ""} ${editor === undefined ? "" : "is-edited-by-other"}`}>
      <span className="dw-factor-name">
        {label} {factor.unit !== "" && <span className="dw-quiet-text">{unitText(factor.unit)}</span>}
      </span>
      <span className="dw-factor-live" title={t("decide.live")}>
        {factor.live}
      </span>
      <NumberInput
        size="xs"
        // Before the record is here there is nothing to change: what was typed would be lost.
        disabled={!isLoaded}
        aria-label={label}
        value={text}
        min={factor.min}
        max={factor.max}
        step={factor.step}
        clampBehavior="blur"
        onChange={setText}
        onFocus={() => studio.live.presence({ branch, view: "decide", editing: factor.element })}
        onBlur={() => {
          write();
          studio.live.presence({ branch, view: "decide" });
        }}
        onKeyDown={(event) => event.key === "Enter" && write()}
      />
      <FactorNotes factor={factor} changed={changed} />
      {editor !== undefined && <small>{t("simulate.decide.editedBy", { name: editor.name })}</small>}
    </div>
  );
}

/** Whether the plant was ever seen at the value, its range, and what is planned for it. */
function FactorNotes({ factor, changed }: { readonly factor: Factor; readonly changed: boolean }): ReactNode {
  const { t } = useWords();
  return (
    <>
      {changed && (
        <small>
          {factor.outsideObserved && <span className="dw-observed">{t("simulate.decide.outsideObserved")} </span>}
          {t("simulate.decide.range", { min: factor.min, max: factor.max })}
          {factor.propertyClass !== "logistics" && ` · ${t(`simulate.decide.class.${factor.propertyClass}`)}`}
        </small>
      )}
      {factor.planned !== undefined && (
        <small>
          {t("assets.planned", { value: factor.planned.value, date: factor.planned.effectiveFrom, owner: factor.planned.owner })}
        </small>
      )}
    </>
  );
}
