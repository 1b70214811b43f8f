import { NumberInput, UnstyledButton } from "@mantine/core";
import { useRef, useState } from "react";
import type { ReactNode } from "react";
import type { Factor } from "@doppelwerk/client";
import { inLanguage, numberText, plannedDateText, unitText, withUnit, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { ModelValue } from "../../model/model-value.ts";
import { observedText } from "./observed-text.ts";
import { useFactorEdit } from "./use-factor-edit.ts";

interface FactorLineProps {
  readonly branch: string;
  readonly factor: Factor;
  /** The value on the branch, edits of everyone in the room included. */
  readonly shown: number;
  /** What a run takes in its place; undefined: it is taken as it stands. */
  readonly model: ModelValue | undefined;
  /** Whether its document has arrived. */
  readonly isLoaded: boolean;
  /** Its station is named in the row, not by a heading. */
  readonly withStation: boolean;
}

/** One factor: its value in the model and on the branch, who else edits it, and what is to be known of the value. */
export function FactorLine({ branch, factor, shown, model, isLoaded, withStation }: FactorLineProps): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const people = useStore(studio.people);
  const state = useStore(studio.state);
  const label = `${factor.station ?? ""} ${inLanguage(factor.label, language)}`.trim();
  // what is being typed stays, whatever becomes of the value meanwhile
  const [typed, setTyped] = useState<number | string | undefined>(undefined);
  // the field corrects a number beyond its bounds as it is left, before it is drawn again
  const latest = useRef(typed);
  const hold = (value: number | string | undefined): void => {
    latest.current = value;
    setTyped(value);
  };
  const edit = useFactorEdit(branch, factor, label);
  const self = state.kind === "online" ? state.self.id : "";
  const editor = people.find((person) => person.id !== self && person.presence.editing === factor.element);
  const write = (): void => {
    const text = latest.current;
    const value = Number(text);
    hold(undefined);
    if (text === undefined || text === "" || !Number.isFinite(value) || value === shown) return;
    // one that the server refuses is not lost: it is in its field again, to be corrected
    edit(shown, value, () => hold(value));
  };
  const changed = shown !== factor.live;
  return (
    <div className={`dw-factor ${changed ? "is-changed" : ""} ${editor === undefined ? "" : "is-edited-by-other"}`}>
      <span className="dw-factor-name">
        {withStation ? label : inLanguage(factor.label, language)}{" "}
        {factor.unit !== "" && <span className="dw-quiet-text">{unitText(factor.unit)}</span>}
      </span>
      <ValueInModel factor={factor} shown={shown} model={model} />
      <NumberInput
        size="xs"
        // Before the record is here there is nothing to change: what was typed would be lost.
        disabled={!isLoaded}
        aria-label={label}
        value={typed ?? shown}
        min={factor.min}
        max={factor.max}
        step={factor.step}
        clampBehavior="blur"
        onChange={(value) => hold(value)}
        onFocus={() => studio.live.presence({ branch, view: "decide", editing: factor.element })}
        onBlur={() => {
          write();
          studio.live.presence({ branch, view: "decide" });
        }}
        onKeyDown={(event) => event.key === "Enter" && write()}
      />
      {model !== undefined && <SourceNote factor={factor} model={model} />}
      <FactorNotes factor={factor} model={model} isChanged={changed} onReturn={() => edit(shown, factor.live, () => undefined)} />
      {editor !== undefined && <small>{t("simulate.decide.editedBy", { name: editor.name })}</small>}
    </div>
  );
}

/** What a run takes: without the branch's change, and with it. */
function ValueInModel({ factor, shown, model }: Pick<FactorLineProps, "factor" | "shown" | "model">): ReactNode {
  const { t } = useWords();
  const [live, here] = model === undefined ? [factor.live, shown] : [model.live, model.here];
  const isChanged = shown !== factor.live;
  return (
    <span className="dw-factor-live" title={t(model === undefined ? "simulate.decide.takenAsEntered" : "simulate.decide.takenAsFitted")}>
      {numberText(live)}
      {isChanged && <b> → {numberText(here)}</b>}
    </span>
  );
}

/** Where the value of the model comes from, and what the documents state where that is another. */
function SourceNote({ factor, model: { source, n } }: { readonly factor: Factor; readonly model: ModelValue }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const stated = withUnit(String(Number(factor.live.toPrecision(6))), factor.unit);
  if (n === 0) return <small>{t(source === "unknown" ? "simulate.decide.from.unknown" : "simulate.decide.fromNameplate")}</small>;
  return (
    <small>
      {t(source === "log" ? "simulate.decide.fromLog" : "simulate.decide.fromHistory", { n })} ·{" "}
      <UnstyledButton
        className="dw-text-link"
        onClick={() => studio.address.go({ subject: factor.station, inspector: true, tab: "documents" })}
      >
        {t("simulate.decide.statedAs", { value: stated })}
      </UnstyledButton>
    </small>
  );
}

/** Whether the plant was ever seen at the value, its range, the way back to the value of live, and what is planned for it. */
function FactorNotes({
  factor,
  model,
  isChanged,
  onReturn,
}: Pick<FactorLineProps, "factor" | "model"> & { readonly isChanged: boolean; readonly onReturn: () => void }): ReactNode {
  const { t, language, zone } = useWords();
  return (
    <>
      {isChanged && (
        <small>
          {factor.outsideObserved && <>{observedText({ factor, model, t, language })} </>}
          {t("simulate.decide.range", { min: factor.min, max: factor.max })}
          {factor.propertyClass !== "logistics" && ` · ${t(`simulate.decide.class.${factor.propertyClass}`)}`} ·{" "}
          <UnstyledButton className="dw-text-link" onClick={onReturn}>
            {t("simulate.decide.returnTo", { value: withUnit(numberText(factor.live), factor.unit) })}
          </UnstyledButton>
        </small>
      )}
      {factor.planned !== undefined && (
        <small>
          {t("assets.planned", {
            value: factor.planned.value,
            date: plannedDateText(factor.planned.effectiveFrom, zone, language),
            owner: factor.planned.owner,
          })}
        </small>
      )}
    </>
  );
}
