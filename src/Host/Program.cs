Console.WriteLine("jpki");
