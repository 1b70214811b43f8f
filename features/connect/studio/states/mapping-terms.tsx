import { Button, Checkbox, SegmentedControl, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { toLocal, useStudio, useWords, zoneNameText } from "@doppelwerk/kit/studio";
import { SINCES, type Since } from "./mapping-draft.ts";
import type { Mapping } from "./use-mapping.ts";

/** From when the drafted meanings hold, why, and the buttons that store or discard them. */
export function MappingTerms({ mapping, disabled }: { readonly mapping: Mapping; readonly disabled: boolean }): ReactNode {
  const studio = useStudio();
  const { t, zone } = useWords();
  const { terms, setTerms, others, count, isReady, task } = mapping;
  return (
    <div className="dw-states-save">
      <SegmentedControl
        size="sm"
        aria-label={t("connect.states.since")}
        value={terms.since}
        onChange={(since) => setTerms({ since: since as Since })}
        data={SINCES.map((value) => ({ value, label: t(`connect.states.sinces.${value}`) }))}
      />
      {terms.since === "instant" && (
        <TextInput
          size="sm"
          type="datetime-local"
          step={1}
          aria-label={t("connect.states.instant", { zone: zoneNameText(zone.name) })}
          value={terms.moment}
          max={new Date(toLocal(zone, studio.now()) / 1_000).toISOString().slice(0, 19)}
          onChange={(event) => setTerms({ moment: event.currentTarget.value })}
        />
      )}
      <TextInput
        size="sm"
        className="dw-grow"
        aria-label={t("connect.states.reason")}
        placeholder={t("connect.states.reason")}
        maxLength={500}
        value={terms.reason}
        onChange={(event) => setTerms({ reason: event.currentTarget.value })}
      />
      {others.length > 0 && (
        <Checkbox
          size="sm"
          label={t("connect.states.forAll", { count: others.length })}
          checked={terms.isForAll}
          onChange={(event) => setTerms({ isForAll: event.currentTarget.checked })}
        />
      )}
      <Button size="sm" variant="default" onClick={mapping.discard}>
        {t("connect.states.discard")}
      </Button>
      <Button size="sm" type="submit" loading={task.busy} disabled={!isReady || disabled}>
        {t("connect.states.save", { count })}
      </Button>
      <p className="dw-quiet">{t(`connect.states.sinceTexts.${terms.since}`)}</p>
    </div>
  );
}
