import { Tooltip } from "@mantine/core";
import type { TooltipProps } from "@mantine/core";
import { cloneElement, useState } from "react";
import type { HTMLAttributes, ReactElement, ReactNode } from "react";
import { Keys } from "./keys.tsx";

interface HintProps extends Omit<TooltipProps, "children" | "label" | "disabled" | "about"> {
  readonly label: ReactNode;
  /** The keys that do the same, as `Keys` takes them. */
  readonly keys?: string | undefined;
  /** Under the label. */
  readonly about?: ReactNode;
  readonly children: ReactElement<HTMLAttributes<HTMLElement>>;
}

/** What a button does, and its keys. Who has pressed it knows: it is gone with the click, and when the focus leaves, until the pointer comes again. */
export function Hint({ label, keys, about, children, ...rest }: HintProps): ReactNode {
  const [isDone, setDone] = useState(false);
  const { onClick, onBlur, onMouseLeave } = children.props;
  return (
    <Tooltip
      {...rest}
      disabled={isDone}
      label={
        <>
          {label}
          {keys !== undefined && (
            <>
              {" "}
              <Keys keys={keys} />
            </>
          )}
          {about}
        </>
      }
    >
      {cloneElement(children, {
        onClick: (event) => {
          setDone(true);
          onClick?.(event);
        },
        onBlur: (event) => {
          setDone(true);
          onBlur?.(event);
        },
        onMouseLeave: (event) => {
          setDone(false);
          onMouseLeave?.(event);
        },
      })}
    </Tooltip>
  );
}
