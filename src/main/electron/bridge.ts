import { extname } from 'node:path'
import { dialog, ipcMain, shell, type BrowserWindow, type IpcMainInvokeEvent } from 'electron'
import { BRIDGE_CHANNELS } from '../../shared/bridge.ts'
import { AppError } from '../base/errors.ts'
import type { EngineClient } from './engine-client.ts'
import type { ExportSaver } from './export-saver.ts'
import { assertOwnPage, type Origins } from './security.ts'

/** Answers the calls of `window.matinee`. Each one looks first at who asks. */
export function answerBridge(deps: {
  window: () => BrowserWindow | undefined
  origins: Origins
  client: Pick<EngineClient, 'file'>
  exports: Pick<ExportSaver, 'save'>
}): void {
  const handle = (channel: string, answer: (argument: unknown) => Promise<unknown>): void => {
    ipcMain.handle(channel, (event: IpcMainInvokeEvent, argument: unknown) => {
      assertOwnPage(event, deps.origins)
      return answer(argument)
    })
  }

  const choose = async (properties: Electron.OpenDialogOptions['properties']): Promise<string[]> => {
    const window = deps.window()
    const options = { properties } as Electron.OpenDialogOptions
    const chosen = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options))
    return chosen.canceled ? [] : chosen.filePaths
  }

  const chooseTarget = async (suggestedName: string): Promise<string | undefined> => {
    const window = deps.window()
    const extension = extname(suggestedName).slice(1)
    const options: Electron.SaveDialogOptions = {
      defaultPath: suggestedName,
      // Windows and macOS add what a new name lacks, before they ask about a file that is there.
      filters: [{ name: extension.toUpperCase(), extensions: [extension] }],
      // The second is how Linux comes to ask; the others do by themselves.
      properties: ['createDirectory', 'showOverwriteConfirmation'],
    }
    const chosen = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options))
    return chosen.canceled ? undefined : chosen.filePath
  }

  handle(BRIDGE_CHANNELS.chooseFiles, () => choose(['openFile', 'multiSelections']))
  handle(BRIDGE_CHANNELS.chooseFolder, async () => (await choose(['openDirectory']))[0] ?? null)
  handle(BRIDGE_CHANNELS.revealFile, async (fileId) => {
    if (typeof fileId !== 'string') throw new AppError('bad_request', 'A file id is needed.')
    // The engine knows the path; a page may only name the file.
    shell.showItemInFolder((await deps.client.file(fileId)).path)
  })
  handle(BRIDGE_CHANNELS.saveExport, async (jobId) => {
    if (typeof jobId !== 'string') throw new AppError('bad_request', 'The id of a job is needed.')
    return deps.exports.save(jobId, chooseTarget)
  })
}
