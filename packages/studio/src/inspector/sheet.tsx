import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";

/** The inspector of a phone: from the foot of the screen over two thirds of it. */
export default function Sheet({
  opened,
  onClose,
  children,
}: {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="bottom"
      size="68%"
      withCloseButton={false}
      overlayProps={{ backgroundOpacity: 0.12 }}
      classNames={{ body: "dw-sheet", content: "dw-sheet-content" }}
    >
      <span className="dw-sheet-grip" />
      {children}
    </Drawer>
  );
}
