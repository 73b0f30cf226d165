"""Products made of figures and tasks: pictures, workbooks, drafts in Word. Pure: values in, bytes out."""
