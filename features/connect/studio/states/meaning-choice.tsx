import { Button, Select } from "@mantine/core";
import type { ReactNode } from "react";
import type { RawWord, WordMeaning } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/kit/studio";

/** In the order in which they are looked for. */
const STATES = ["working", "failed", "blocked", "starved", "setUp", "idle", "microStop", "maintenance", "break", "off", "unknown"];
const CAUSES = ["unknown", "internal", "upstream", "downstream", "utility", "material", "operator"];
/** What is offered beside a word that nobody mapped, with the cause that the state has by itself. */
const QUICK: readonly WordMeaning[] = [
  { state: "working", cause: "internal" },
  { state: "failed", cause: "internal" },
  { state: "blocked", cause: "downstream" },
  { state: "starved", cause: "upstream" },
  { state: "setUp", cause: "internal" },
  { state: "idle", cause: "unknown" },
];

interface ChoiceProps {
  readonly word: RawWord;
  /** Undefined = none yet. */
  readonly meaning: WordMeaning | undefined;
  readonly disabled: boolean;
  readonly onChoose: (meaning: WordMeaning | undefined) => void;
}

/** What a word means: one press where it has no meaning yet, otherwise state and cause. */
export function MeaningChoice(props: ChoiceProps): ReactNode {
  return props.meaning === undefined && !props.disabled ? <QuickMeanings {...props} /> : <StateAndCause {...props} />;
}

function QuickMeanings({ word: { word, by, proposed }, onChoose }: ChoiceProps): ReactNode {
  const { t } = useWords();
  const others = QUICK.filter(({ state }) => state !== proposed?.state);
  return (
    <span className="dw-states-quick" role="group" aria-label={t("connect.states.quick", { word })}>
      {proposed !== undefined && (
        <Button
          size="compact-xs"
          variant="default"
          className="dw-states-proposed"
          title={t("connect.states.proposedHint")}
          onClick={() => onChoose(proposed)}
        >
          {t("connect.states.proposed", { state: t.or(`machineState.${proposed.state}`, proposed.state) })}
        </Button>
      )}
      {others.map((meaning) => (
        <Button key={meaning.state} size="compact-xs" variant="default" onClick={() => onChoose(meaning)}>
          {t.or(`machineState.${meaning.state}`, meaning.state)}
        </Button>
      ))}
      {by === "standard" && <small>{t("connect.states.byStandard")}</small>}
    </span>
  );
}

function StateAndCause({ word: { word }, meaning, disabled, onChoose }: ChoiceProps): ReactNode {
  const { t } = useWords();
  const cause = meaning?.cause ?? "unknown";
  return (
    <span className="dw-states-meaning">
      <Select
        size="xs"
        aria-label={t("connect.states.stateOf", { word })}
        disabled={disabled}
        data={STATES.map((state) => ({ value: state, label: t.or(`machineState.${state}`, state) }))}
        value={meaning?.state ?? null}
        onChange={(state) => onChoose(state === null ? undefined : { state, cause })}
        clearable
      />
      <Select
        size="xs"
        aria-label={t("connect.states.causeOf", { word })}
        disabled={disabled || meaning === undefined}
        data={CAUSES.map((each) => ({ value: each, label: t.or(`connect.states.causes.${each}`, each) }))}
        allowDeselect={false}
        value={cause}
        onChange={(next) => meaning !== undefined && onChoose({ state: meaning.state, cause: next ?? "unknown" })}
      />
    </span>
  );
}
