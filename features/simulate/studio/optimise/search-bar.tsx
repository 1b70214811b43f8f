import { Button } from "@mantine/core";
import { IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { SearchState } from "@doppelwerk/client";
import { messageText, useWords } from "@doppelwerk/kit/studio";

/** Starts and stops a search and says how far it is. */
export function SearchBar({
  state,
  isRunning,
  disabled = false,
  onStart,
  onStop,
}: {
  readonly state: SearchState | undefined;
  readonly isRunning: boolean;
  readonly disabled?: boolean;
  readonly onStart: () => void;
  readonly onStop: () => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <>
      {isRunning ? (
        <Button size="sm" variant="default" leftSection={<IconPlayerStop size={15} />} onClick={onStop}>
          {t("simulate.optimise.search.stop")}
        </Button>
      ) : (
        <Button size="sm" disabled={disabled} leftSection={<IconPlayerPlay size={15} />} onClick={onStart}>
          {t("simulate.optimise.search.start")}
        </Button>
      )}
      {state !== undefined && (
        <>
          <div
            className="dw-progress"
            role="progressbar"
            aria-label={t(`simulate.optimise.search.state.${state.state}`)}
            aria-valuemin={0}
            aria-valuemax={state.budget}
            aria-valuenow={state.iterations}
          >
            <i style={{ width: `${isRunning ? Math.min(100, (100 * state.iterations) / Math.max(1, state.budget)) : 100}%` }} />
          </div>
          <div className="dw-reps">
            <span>
              {t(`simulate.optimise.search.state.${state.state}`)}
              {state.resumed > 0 && ` · ${t("simulate.optimise.search.resumed")}`}
            </span>
            <span>{t("simulate.optimise.search.progress", { done: state.iterations, total: state.budget })}</span>
          </div>
          {state.message !== undefined && <p className="dw-note is-trouble">{messageText(state.message, state.reason)}</p>}
        </>
      )}
    </>
  );
}
