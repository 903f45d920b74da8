import { Menu, type MenuItemConstructorOptions } from 'electron'

/** Puts up the menu of the app: what the platform's users expect, and two ways to the file manager. */
export function setMenu(actions: { reload: () => void; openInBrowser: () => void }): void {
  const isMac = process.platform === 'darwin'
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' as const }] : []),
    {
      label: '&File',
      submenu: [
        { id: 'open-in-browser', label: 'Open in Browser', click: actions.openInBrowser },
        { type: 'separator' },
        { role: isMac ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        // Not the role: a page whose session has ended needs a new launch address, not the old one again.
        { id: 'reload', label: 'Reload', accelerator: 'CmdOrCtrl+R', click: actions.reload },
        { role: 'toggleDevTools' },
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
