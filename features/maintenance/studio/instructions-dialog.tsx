import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { answerOf, Dialog, inLanguage, messageText, useLoad, useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type {} from "../message-codes.ts";

type Found = Awaited<ReturnType<typeof calls.takeInstructions>>;

/** Plans of a station to and from the submodel of its asset, with what is found before anything is stored. */
export function InstructionsDialog({
  branch,
  onClose,
  onTaken,
}: {
  readonly branch: string;
  readonly onClose: () => void;
  readonly onTaken: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const stations = useLoad(answerOf(calls.orders, { query: { branch, ended: 0 } })).value?.stations ?? [];
  const [chosen, setChosen] = useState("");
  const [found, setFound] = useState<Found | undefined>(undefined);
  const task = useTask((_, error) => studio.notifyFailure(error, t("maintenance.instructions.failed")));
  const station = chosen === "" ? (stations[0]?.station ?? "") : chosen;
  const query = { branch, station };
  const write = (): void =>
    task.run(async () => {
      const written = await calls.writeInstructions(studio.client, { query });
      studio.notify("good", t("maintenance.instructions.written", written));
    });
  const read = (isStored: boolean): void =>
    task.run(async () => {
      setFound(await calls.takeInstructions(studio.client, { query, body: { isStored } }));
      if (!isStored) return;
      onTaken();
      onClose();
    });
  return (
    <Dialog opened onClose={onClose} title={t("maintenance.instructions.title")} size={560} centered>
      <div className="dw-wo-details">
        <p className="dw-quiet-text">{t("maintenance.instructions.text")}</p>
        <NativeSelect
          label={t("maintenance.station")}
          value={station}
          data={stations.map((each) => ({ value: each.station, label: inLanguage(each.title, language) }))}
          onChange={(event) => {
            setChosen(event.currentTarget.value);
            setFound(undefined);
          }}
        />
        {found !== undefined && <FoundPlans found={found} />}
        <div className="dw-dialog-foot">
          <Button variant="default" loading={task.busy} disabled={station === ""} onClick={write}>
            {t("maintenance.instructions.write")}
          </Button>
          {found === undefined || found.plans.length === 0 ? (
            <Button loading={task.busy} disabled={station === ""} onClick={() => read(false)}>
              {t("maintenance.instructions.read")}
            </Button>
          ) : (
            <Button loading={task.busy} onClick={() => read(true)}>
              {t("maintenance.instructions.take")}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}

function FoundPlans({ found }: { readonly found: Found }): ReactNode {
  const { t, language } = useWords();
  return (
    <div role="status">
      <b>{t("maintenance.instructions.found", { plans: found.plans.length, jobs: found.jobs.length })}</b>
      <ul>
        {found.plans.map(({ code, title }) => (
          <li key={code}>
            {code} · {inLanguage(title, language)}
          </li>
        ))}
        {found.findings.map((finding, at) => (
          <li key={at} className="is-late">
            {messageText("", finding)}
          </li>
        ))}
      </ul>
    </div>
  );
}
