import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { BRIDGE_CHANNELS, type MatineeBridge, type SavedExport } from '../shared/bridge.ts'

const { platform } = process

const bridge: MatineeBridge = {
  platform: platform === 'darwin' || platform === 'win32' ? platform : 'linux',
  pathForFile: (file) => (file instanceof File ? webUtils.getPathForFile(file) : ''),
  chooseFiles: () => ipcRenderer.invoke(BRIDGE_CHANNELS.chooseFiles) as Promise<string[]>,
  chooseFolder: () => ipcRenderer.invoke(BRIDGE_CHANNELS.chooseFolder) as Promise<string | null>,
  revealFile: (fileId) => ipcRenderer.invoke(BRIDGE_CHANNELS.revealFile, fileId) as Promise<void>,
  saveExport: (jobId) => ipcRenderer.invoke(BRIDGE_CHANNELS.saveExport, jobId) as Promise<SavedExport>,
}

contextBridge.exposeInMainWorld('matinee', bridge)
