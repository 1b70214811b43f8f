import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { useStudio, useWords } from "../session/context.tsx";
import { useTask } from "../session/use-task.ts";
import { Dialog } from "../values/dialog.tsx";
import { TaskProblem } from "../values/problem.tsx";
import "./cards.css";

export interface RowAction {
  readonly label: string;
  /** Nothing where it only opens something. */
  readonly run: () => Promise<unknown> | void;
  readonly disabled?: boolean;
  /** It removes something for good. */
  readonly isRemoval?: boolean;
  /** Asked before it is carried out, because it cannot be taken back. `title` is also the word of its button. */
  readonly question?: { readonly title: string; readonly text: ReactNode };
}

interface RowActionsProps {
  /** Those that are `false` are not offered. */
  readonly actions: readonly (RowAction | false)[];
  /** After one was carried out. */
  readonly onDone?: () => void;
  /** What did not come about, where the error does not say it. */
  readonly failed?: string;
}

/** What can be done with a row, one at a time. What fails is told, where it was asked for. */
export function RowActions({ actions, onDone, failed }: RowActionsProps): ReactNode {
  const studio = useStudio();
  const task = useTask((_, error) => studio.notifyFailure(error, failed));
  const [asking, setAsking] = useState<RowAction | undefined>(undefined);
  const run = (action: RowAction): void => {
    const work = action.run();
    if (work !== undefined) task.run(() => work.then(onDone));
  };
  return (
    <span className="dw-row-tools">
      {actions.map(
        (action) =>
          action !== false && (
            <Button
              key={action.label}
              size="compact-sm"
              variant="default"
              loading={task.busy && action.question === undefined}
              disabled={action.disabled ?? false}
              {...((action.question !== undefined || action.isRemoval === true) && { color: "red" })}
              onClick={() => (action.question === undefined ? run(action) : setAsking(action))}
            >
              {action.label}
            </Button>
          ),
      )}
      {asking !== undefined && (
        <Question {...asking.question!} run={asking.run} onClose={() => setAsking(undefined)} onDone={onDone ?? (() => undefined)} />
      )}
    </span>
  );
}

interface QuestionProps {
  /** Also the word of its button. */
  readonly title: string;
  readonly text: ReactNode;
  readonly run: () => Promise<unknown> | void;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Asks before what cannot be taken back. */
export function Question({ title, text, run, onClose, onDone }: QuestionProps): ReactNode {
  const { t } = useWords();
  const task = useTask();
  const go = (): void =>
    task.run(async () => {
      await run();
      onDone();
      onClose();
    });
  return (
    <Dialog opened onClose={onClose} title={title} centered size={440}>
      {typeof text === "string" ? <p>{text}</p> : text}
      <TaskProblem task={task} />
      <div className="dw-dialog-foot">
        <Button variant="default" data-autofocus onClick={onClose}>
          {t("frame.cancel")}
        </Button>
        <Button color="red" loading={task.busy} onClick={go}>
          {title}
        </Button>
      </div>
    </Dialog>
  );
}
