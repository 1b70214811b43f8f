import { UnstyledButton } from "@mantine/core";
import { IconCheck, IconLock, IconLockOpen, IconSquare } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { CardPart, inLanguage, momentText, useWords } from "@doppelwerk/kit/studio";
import type { WorkOrder } from "../contract.ts";
import type {} from "../message-codes.ts";
import type { Acting } from "./order-details.tsx";

interface Props {
  readonly order: WorkOrder;
  readonly acting: Acting;
  readonly isFixed: boolean;
}

/** The lock-out list, and the steps: those that need it wait until every point is locked. */
export function WorkParts({ order, acting, isFixed }: Props): ReactNode {
  return (
    <>
      {order.lockOut.length > 0 && <LockOut order={order} acting={acting} isFixed={isFixed} />}
      {order.steps.length > 0 && <Steps order={order} acting={acting} isFixed={isFixed} />}
    </>
  );
}

function LockOut({ order, acting, isFixed }: Props): ReactNode {
  const { t, language, zone } = useWords();
  const isStarted = order.state === "started";
  return (
    <CardPart title={t("maintenance.lockOut")}>
      <ul className="dw-wo-points">
        {order.lockOut.map(({ text, locked }, point) => (
          <li key={point}>
            <UnstyledButton
              className={locked === undefined ? "dw-wo-point" : "dw-wo-point is-locked"}
              disabled={isFixed || !isStarted || acting.busy}
              aria-pressed={locked !== undefined}
              onClick={() => acting.act(locked === undefined ? { act: "locked", point } : { act: "unlocked", point })}
            >
              {locked === undefined ? <IconLockOpen size={20} aria-hidden /> : <IconLock size={20} aria-hidden />}
              <span>
                {inLanguage(text, language)}
                <small>
                  {locked === undefined
                    ? t("maintenance.notLocked")
                    : t("maintenance.lockedBy", { by: locked.by, at: momentText(locked.at, zone, language, false) })}
                </small>
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </CardPart>
  );
}

function Steps({ order, acting, isFixed }: Props): ReactNode {
  const { t, language, zone } = useWords();
  const isLocked = order.lockOut.every(({ locked }) => locked !== undefined);
  return (
    <CardPart title={t("maintenance.steps")}>
      <ol className="dw-wo-steps">
        {order.steps.map(({ text, needsLockOut, done }, step) => {
          const waits = needsLockOut && !isLocked && done === undefined;
          return (
            <li key={step}>
              <UnstyledButton
                className={done === undefined ? "dw-wo-step" : "dw-wo-step is-done"}
                disabled={isFixed || order.state !== "started" || waits || acting.busy}
                aria-pressed={done !== undefined}
                onClick={() => acting.act(done === undefined ? { act: "stepDone", step } : { act: "stepUndone", step })}
              >
                {done === undefined ? <IconSquare size={24} aria-hidden /> : <IconCheck size={24} aria-hidden />}
                <span>
                  {step + 1}. {inLanguage(text, language)}
                  <small>
                    {done !== undefined
                      ? t("maintenance.doneBy", { by: done.by, at: momentText(done.at, zone, language, false) })
                      : waits
                        ? t("maintenance.waitsForLocks")
                        : needsLockOut
                          ? t("maintenance.underLockOut")
                          : ""}
                  </small>
                </span>
              </UnstyledButton>
            </li>
          );
        })}
      </ol>
      {order.state !== "started" && !isFixed && <p className="dw-quiet-text">{t("maintenance.startFirst")}</p>}
    </CardPart>
  );
}
