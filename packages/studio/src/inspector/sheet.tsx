import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import { useWords } from "@doppelwerk/ui";

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
  const { t } = useWords();
  return (
    <Drawer.Root opened={opened} onClose={onClose} position="bottom" size="68%">
      <Drawer.Overlay backgroundOpacity={0.12} />
      <Drawer.Content className="dw-sheet-content" aria-label={t("frame.inspector")}>
        <Drawer.Body className="dw-sheet">
          <button type="button" className="dw-sheet-grip" aria-label={t("frame.close")} onClick={onClose} />
          {children}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
