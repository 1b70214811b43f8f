import { useElementSize } from "@mantine/hooks";
import type { ReactNode, SVGProps } from "react";

interface ChartProps extends Omit<SVGProps<SVGSVGElement>, "children" | "width" | "height" | "ref"> {
  readonly height: number;
  /** In pixels; a narrower place scales the drawing down. */
  readonly minWidth: number;
  /** Below the drawing, in the same block. */
  readonly note?: ReactNode;
  readonly children: (width: number) => ReactNode;
}

/** A drawing in pixels, as wide as its place. One with `onKeyDown` keeps arrows and the L key from the keys of the studio. */
export function Chart({ height, minWidth, note, className, children, ...rest }: ChartProps): ReactNode {
  const { ref, width: measured } = useElementSize();
  const width = Math.max(minWidth, measured);
  return (
    <div ref={ref} data-chart-keys={rest.onKeyDown === undefined ? undefined : true}>
      <svg
        role="img"
        {...rest}
        viewBox={`0 0 ${width} ${height}`}
        height={height}
        className={className === undefined ? "dw-chart" : `dw-chart ${className}`}
      >
        {children(width)}
      </svg>
      {note}
    </div>
  );
}
