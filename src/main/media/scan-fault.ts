/** Something in a file that a player gets over and an exact copy, made by the places of a scan, does not. */
export class ScanFault extends Error {
  override readonly name = 'ScanFault'
}
