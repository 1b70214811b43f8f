import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { Card, Dialog, Failure, momentText, TaskProblem, useLoad, useScope, useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Hold } from "../contract.ts";

/** What is held now, the newest first. */
export function HoldList({ onOpen }: { readonly onOpen: (thing: string) => void }): ReactNode {
  const { branch } = useScope();
  const { t } = useWords();
  const loaded = useLoad({
    key: ["GET /tracking/holds", branch],
    run: ({ client }, signal) => calls.holds(client, { query: { branch } }, { signal }),
    changedBy: { kinds: ["trackingHold"] },
  });
  const held = loaded.value?.filter(({ released }) => released === undefined);
  return (
    <Card
      title={t("tracking.holds")}
      note={held === undefined || held.length === 0 ? undefined : t("tracking.holdCount", { count: held.length })}
    >
      {held === undefined && loaded.kind === "failed" && <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />}
      {held?.length === 0 && <p className="dw-quiet-text">{t("tracking.noHolds")}</p>}
      <ul className="dw-tracking-list">
        {held?.map((hold) => (
          <li key={hold.id}>
            <button type="button" className="dw-tracking-thing" onClick={() => onOpen(hold.thing)}>
              <b>{hold.short}</b>
              <HoldText hold={hold} />
            </button>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function HoldText({ hold: { reason, by, at } }: { readonly hold: Hold }): ReactNode {
  const { t, language, zone } = useWords();
  return (
    <>
      <span>{reason}</span>
      <small>{t("tracking.heldBy", { by, at: momentText(at, zone, language, false) })}</small>
    </>
  );
}

/** Asks why something is held, or released. */
export function HoldDialog({
  thing,
  short,
  released,
  onClose,
}: {
  readonly thing: string;
  readonly short: string;
  /** The hold that is released; without it a new one begins. */
  readonly released?: Hold;
  readonly onClose: () => void;
}): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const [reason, setReason] = useState("");
  const task = useTask();
  const store = (): void =>
    task.run(async () => {
      if (released === undefined) await calls.hold(studio.client, { query: { branch }, body: { thing, reason } });
      else await calls.release(studio.client, { params: { id: released.id }, query: { branch }, body: { reason } });
      onClose();
    });
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t(released === undefined ? "tracking.holdOf" : "tracking.releaseOf", { thing: short })}
      centered
    >
      <p className="dw-quiet-text">{t(released === undefined ? "tracking.holdText" : "tracking.releaseText")}</p>
      <Textarea
        label={t("tracking.reason")}
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
        maxLength={1_000}
        autosize
        minRows={2}
        data-autofocus
      />
      <TaskProblem task={task} />
      <div className="dw-dialog-foot">
        <span className="dw-grow" />
        <Button variant="default" onClick={onClose}>
          {t("frame.cancel")}
        </Button>
        <Button disabled={reason.trim() === ""} loading={task.busy} onClick={store}>
          {t(released === undefined ? "tracking.hold" : "tracking.release")}
        </Button>
      </div>
    </Dialog>
  );
}
