import MooringCommandLineTool

await MooringCommand.start()
