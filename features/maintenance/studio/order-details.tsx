import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Dialog, inLanguage, momentText, useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { WorkOrder } from "../contract.ts";
import type {} from "../message-codes.ts";
import type { WorkAct } from "../model/acts.ts";
import { urgencyOf } from "./choices.ts";
import { DirectPart } from "./direct-part.tsx";
import { PhotosPart } from "./photos-part.tsx";
import { UsedPart } from "./used-part.tsx";
import { WorkParts } from "./work-parts.tsx";

export interface DetailsProps {
  readonly order: WorkOrder;
  readonly branch: string;
  /** It is shown as it was: nothing can be done. */
  readonly isPast: boolean;
  readonly onChanged: () => void;
}

/** What it takes to act on a work order from its dialog. */
export interface Acting {
  readonly busy: boolean;
  act(act: WorkAct): void;
  run(work: () => Promise<unknown>): void;
}

const isOver = ({ state }: WorkOrder): boolean => state === "signedOff" || state === "cancelled";

/** A work order: what, where, why; its lock-out list, steps, photos and parts; at its foot what comes next, within reach of a thumb. */
export function OrderDetails({
  onClose,
  people,
  ...props
}: DetailsProps & {
  readonly people: readonly { readonly id: string; readonly name: string }[];
  readonly onClose: () => void;
}): ReactNode {
  const { order, branch, isPast, onChanged } = props;
  const studio = useStudio();
  const { t, language } = useWords();
  const task = useTask((_, error) => {
    studio.notifyFailure(error, t("maintenance.failed"));
    onChanged();
  });
  const acting: Acting = {
    busy: task.busy,
    run: (work) =>
      task.run(async () => {
        await work();
        onChanged();
      }),
    act: (act) => acting.run(() => calls.work(studio.client, { params: { id: order.id }, query: { branch }, body: act })),
  };
  const isFixed = isPast || isOver(order);
  return (
    <Dialog
      opened
      onClose={onClose}
      title={`${order.number} · ${inLanguage(order.title, language)}`}
      size={680}
      centered
      className="dw-wo-dialog"
    >
      <div className="dw-wo-details">
        <Facts order={order} />
        {order.text !== undefined && <p className="dw-wo-text">{inLanguage(order.text, language)}</p>}
        <WorkParts order={order} acting={acting} isFixed={isFixed} />
        <PhotosPart order={order} branch={branch} acting={acting} isFixed={isFixed} />
        <UsedPart order={order} branch={branch} acting={acting} isFixed={isFixed} />
        {!isFixed && <DirectPart order={order} branch={branch} people={people} acting={acting} />}
        {!isPast && <Foot order={order} branch={branch} acting={acting} />}
      </div>
    </Dialog>
  );
}

function Facts({ order }: Pick<DetailsProps, "order">): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const moment = (at: number): string => momentText(at, zone, language, false);
  const { source, due, isLate, owner, minutes, finished, signed, cancelled } = order;
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t("maintenance.asset"), inLanguage(order.asset, language)],
    [t("maintenance.priority"), t(`maintenance.urgency.${urgencyOf(order.priority)}`)],
    [t("maintenance.state"), t(`maintenance.state.${order.state}`)],
    ...(due === undefined
      ? []
      : [
          [
            t("maintenance.due"),
            <span key="due" className={isLate ? "is-late" : undefined}>
              {moment(due)}
            </span>,
          ] as const,
        ]),
    [t("maintenance.owner"), owner?.name ?? t("maintenance.nobody")],
    ...(minutes === undefined ? [] : [[t("maintenance.minutes"), t("maintenance.inMinutes", { minutes })] as const]),
    [t("maintenance.openedBy"), `${order.openedBy} · ${moment(order.openedAt)}`],
    ...(source.kind === "person"
      ? []
      : [
          [
            t("maintenance.source"),
            <button key="source" type="button" className="dw-text-link" onClick={() => studio.time.goTo(source.at)}>
              {t("maintenance.sourceAt", { kind: t(`maintenance.source.${source.kind}`), at: momentText(source.at, zone, language) })}
            </button>,
          ] as const,
        ]),
    ...(finished === undefined ? [] : [[t("maintenance.finishedBy"), `${finished.by} · ${moment(finished.at)}`] as const]),
    ...(signed === undefined ? [] : [[t("maintenance.signedBy"), `${signed.by} · ${moment(signed.at)}`] as const]),
    ...(cancelled === undefined ? [] : [[t("maintenance.cancelledBy"), `${cancelled.by} · ${cancelled.reason}`] as const]),
  ];
  return (
    <dl className="dw-wo-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The one thing that comes next. */
function Foot({ order, branch, acting }: { readonly order: WorkOrder; readonly branch: string; readonly acting: Acting }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { state, owner, steps, lockOut } = order;
  const isDone = steps.every(({ done }) => done !== undefined);
  const isLocked = lockOut.some(({ locked }) => locked !== undefined);
  const sign = (): void =>
    acting.run(() => calls.sign(studio.client, { params: { id: order.id }, query: { branch }, body: { seen: order.acts } }));
  if (state === "signedOff" || state === "cancelled") return null;
  return (
    <footer className="dw-wo-foot">
      {(state === "open" || state === "planned") && owner === undefined && (
        <Button variant="default" size="md" loading={acting.busy} onClick={() => acting.act({ act: "taken" })}>
          {t("maintenance.take")}
        </Button>
      )}
      {(state === "open" || state === "planned") && (
        <Button size="md" loading={acting.busy} onClick={() => acting.act({ act: "started" })}>
          {t("maintenance.start")}
        </Button>
      )}
      {state === "started" && (
        <>
          <small>{!isDone ? t("maintenance.stepsFirst") : isLocked ? t("maintenance.unlockFirst") : ""}</small>
          <Button size="md" loading={acting.busy} disabled={!isDone || isLocked} onClick={() => acting.act({ act: "finished" })}>
            {t("maintenance.finish")}
          </Button>
        </>
      )}
      {state === "finished" && (
        <>
          <Button
            variant="default"
            size="md"
            loading={acting.busy}
            onClick={() => acting.act({ act: "reopened", reason: t("maintenance.reopenedText") })}
          >
            {t("maintenance.reopen")}
          </Button>
          <Button size="md" loading={acting.busy} onClick={sign}>
            {t("maintenance.signOff")}
          </Button>
        </>
      )}
    </footer>
  );
}
